"""The evidence of what kiosks showed of their own copies, and of what lists came to."""

import sqlalchemy as sa
from alembic import op

from server.db import Json, UtcMoment

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None

PARTS = ("catalogue", "prices", "promotions", "rules")


def upgrade() -> None:
    """Make the tables, and let documents say when they were last on a shelf."""
    op.add_column("price_document", sa.Column("kept_at", UtcMoment(), nullable=True))
    op.create_table(
        "shown_copy",
        sa.Column("tap_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("shown_at", UtcMoment(), nullable=False),
        sa.Column("received_at", UtcMoment(), nullable=False),
        sa.Column("told", Json, nullable=False),
        *(sa.Column(part, sa.String(length=32), nullable=True) for part in PARTS),
        sa.PrimaryKeyConstraint("tap_id", "place", name=op.f("pk_shown_copy")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_shown_copy_store_id")),
    )
    op.create_index(
        "ix_shown_copy_store_id_product_id_shown_at", "shown_copy", ["store_id", "product_id", "shown_at"]
    )
    op.create_table(
        "shown_total",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("first_shown", UtcMoment(), nullable=False),
        sa.Column("shown", Json, nullable=False),
        sa.Column("made_from", Json, nullable=False),
        sa.PrimaryKeyConstraint("list_id", "decision", name=op.f("pk_shown_total")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_shown_total_store_id")),
    )
    op.create_index("ix_shown_total_store_id_first_shown", "shown_total", ["store_id", "first_shown"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("shown_total")
    op.drop_table("shown_copy")
    op.drop_column("price_document", "kept_at")
