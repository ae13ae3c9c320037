"""Visits offered to a phone."""

import sqlalchemy as sa
from alembic import op

from server.db import Json, UtcMoment

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("kiosk_id", sa.String(length=64), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("offered_at", UtcMoment(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("link_hash", sa.String(length=64), nullable=False),
        sa.Column("asker_hash", sa.String(length=64), nullable=True),
        sa.Column("phone_hash", sa.String(length=64), nullable=True),
        sa.Column("sign", sa.String(length=2), nullable=True),
        sa.Column("kept", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_hand_over_store_id")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_hand_over_link_hash")),
        sa.UniqueConstraint("asker_hash", name=op.f("uq_hand_over_asker_hash")),
        sa.UniqueConstraint("phone_hash", name=op.f("uq_hand_over_phone_hash")),
    )
    op.create_index("ix_hand_over_kiosk_id", "hand_over", ["kiosk_id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("hand_over")
