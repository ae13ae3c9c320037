"""What stores and the chain wish of suggestions: pins, blocks and boosts, with who made and ended them.

What is worth knowing before changing them: a wish without a store is the chain's; rows are ended, never deleted.
"""

import sqlalchemy as sa
from alembic import op

from server.db import UtcMoment

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "suggestion_wish",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=True),
        sa.Column("product_id", sa.String(length=64), nullable=True),
        sa.Column("category_id", sa.String(length=64), nullable=True),
        sa.Column("log_odds", sa.Double(), nullable=True),
        sa.Column("starts", UtcMoment(), nullable=False),
        sa.Column("ends", UtcMoment(), nullable=True),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcMoment(), nullable=False),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("ended_at", UtcMoment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_wish")),
        *(
            sa.ForeignKeyConstraint([f"{table}_id"], [f"{table}.id"], name=op.f(f"fk_suggestion_wish_{table}_id"))
            for table in ("store", "product", "category")
        ),
    )
    op.create_index(op.f("ix_suggestion_wish_store_id"), "suggestion_wish", ["store_id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("suggestion_wish")
