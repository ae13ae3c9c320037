"""A use of a limited promotion names the visit it was for."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a use name the visit it was for: what a kiosk called the customer could be anything."""
    with op.batch_alter_table("promotion_use") as table:
        table.drop_column("customer")
        table.add_column(sa.Column("visit_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("promotion_use") as table:
        table.drop_column("visit_id")
        table.add_column(sa.Column("customer", sa.String(length=64), nullable=True))
