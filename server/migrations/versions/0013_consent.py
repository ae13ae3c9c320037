"""Cards tapped at kiosks and what their holders chose, of which words and when.

What is worth knowing before changing them: an introduction links nothing; it says which card a choice in that visit is
of, and is purged after a day. A choice names its card only where something was agreed to, then or before.
"""

import sqlalchemy as sa
from alembic import op

from server.db import UtcMoment

revision = "0013"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "introduction",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.String(length=200), nullable=True),
        sa.Column("at", UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_introduction")),
    )
    op.create_table(
        "consent_choice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.String(length=200), nullable=True),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("chosen_at", UtcMoment(), nullable=False),
        sa.Column("received_at", UtcMoment(), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("service", sa.Boolean(), nullable=False),
        sa.Column("analytics", sa.Boolean(), nullable=False),
        sa.Column("personalisation", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_choice")),
    )
    for column in ("visit_id", "card_id"):
        op.create_index(f"ix_consent_choice_{column}", "consent_choice", [column])
    op.execute("INSERT INTO retention (kind, days) VALUES ('introduction', 1)")


def downgrade() -> None:
    """Take them away again."""
    op.execute("DELETE FROM retention WHERE kind = 'introduction'")
    op.drop_table("consent_choice")
    op.drop_table("introduction")
