"""Price lists: prices that hold for a time, of one store or of the chain, each list in one currency.

What is worth knowing before changing them: `starts` and `ends` are local times of each store. A list and its prices
are fixed from when it starts (the import refuses to change them), since prior prices are worked out from them.
"""

import sqlalchemy as sa
from alembic import op

from server.db import Json

revision = "0005"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "price_list",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", Json, nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("starts", sa.DateTime(), nullable=False),
        sa.Column("ends", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_price_list_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_list")),
    )
    op.create_index(op.f("ix_price_list_store_id"), "price_list", ["store_id"], unique=False)
    op.create_table(
        "listed_price",
        sa.Column("list_id", sa.String(length=64), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("member_minor", sa.BigInteger(), nullable=True),
        sa.Column("floor_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["gtin"], ["variant.gtin"], name=op.f("fk_listed_price_gtin")),
        sa.ForeignKeyConstraint(["list_id"], ["price_list.id"], name=op.f("fk_listed_price_list_id")),
        sa.PrimaryKeyConstraint("list_id", "gtin", name=op.f("pk_listed_price")),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("listed_price")
    op.drop_index(op.f("ix_price_list_store_id"), table_name="price_list")
    op.drop_table("price_list")
