"""Lists something was held for: under one id only one list is given for good."""

import sqlalchemy as sa
from alembic import op

from server.db import UtcMoment

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "held_list",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("goods", sa.String(length=32), nullable=False),
        sa.Column("held_at", UtcMoment(), nullable=False),
        sa.Column("given_at", UtcMoment(), nullable=True),
        sa.PrimaryKeyConstraint("list_id", name=op.f("pk_held_list")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_held_list_store_id")),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("held_list")
