"""Believable prices: floors, member prices and contents; promotions' versions and uses; policies; price evidence.

What is worth knowing before changing them: `promotion_version` is what promotions were, so that a prior price is
worked out with what was asked then; its rows are ended once and never changed, and those there before this change
begin in the year 2000. `promotion_use` is written under a lock on the promotion's row, so that no two kiosks
spend the same euro. `price_document` holds what prices were made from, under the hash of what it says.
"""

import sqlalchemy as sa
from alembic import op

from server.db import Json, UtcMoment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, make the tables, and give each promotion its first version."""
    _columns()
    _promotions()
    _evidence()
    op.execute(
        "INSERT INTO promotion_version (promotion_id, number, headline, condition, rule, starts, ends, priority,"
        " exclusive, recorded_at) SELECT id, 1, headline, condition, rule, starts, ends, priority, exclusive,"
        " '2000-01-01 00:00:00' FROM promotion WHERE NOT paused"
    )


def _columns() -> None:
    with op.batch_alter_table("product") as table:
        table.add_column(sa.Column("discountable", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("variant") as table:
        table.add_column(sa.Column("content", sa.Numeric(12, 3), nullable=True))
        table.add_column(sa.Column("content_unit", sa.String(length=8), nullable=True))
    with op.batch_alter_table("price") as table:
        table.add_column(sa.Column("member_minor", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("floor_minor", sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("store") as table:
        table.add_column(sa.Column("region", sa.String(length=64), nullable=True))


def _promotions() -> None:
    op.create_table(
        "promotion_version",
        sa.Column("promotion_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("headline", Json, nullable=False),
        sa.Column("condition", Json, nullable=True),
        sa.Column("rule", Json, nullable=False),
        sa.Column("starts", sa.DateTime(), nullable=True),
        sa.Column("ends", sa.DateTime(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", UtcMoment(), nullable=False),
        sa.Column("replaced_at", UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["promotion_id"], ["promotion.id"], name=op.f("fk_promotion_version_promotion_id")
        ),
        sa.PrimaryKeyConstraint("promotion_id", "number", name=op.f("pk_promotion_version")),
    )
    op.create_index("ix_promotion_version_replaced_at", "promotion_version", ["replaced_at"], unique=False)
    op.create_table(
        "pricing_policy",
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("policy", Json, nullable=False),
        sa.Column("prior", Json, nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_pricing_policy")),
    )
    op.create_table(
        "promotion_use",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("promotion_id", sa.String(length=64), nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=True),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("expires_at", UtcMoment(), nullable=False),
        sa.Column("committed_at", UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(["promotion_id"], ["promotion.id"], name=op.f("fk_promotion_use_promotion_id")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_promotion_use_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotion_use")),
    )
    op.create_index("ix_promotion_use_promotion_id_day", "promotion_use", ["promotion_id", "day"], unique=False)


def _evidence() -> None:
    op.create_table(
        "price_document",
        sa.Column("hash", sa.String(length=32), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_price_document")),
    )
    op.create_table(
        "price_evidence",
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("true_from", UtcMoment(), nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=False),
        sa.Column("true_until", UtcMoment(), nullable=False),
        sa.Column("first_shown", UtcMoment(), nullable=False),
        sa.Column("shown", Json, nullable=False),
        sa.Column("catalogue", sa.String(length=32), nullable=False),
        sa.Column("prices", sa.String(length=32), nullable=False),
        sa.Column("promotions", sa.String(length=32), nullable=False),
        sa.Column("rules", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_price_evidence_store_id")),
        sa.PrimaryKeyConstraint("store_id", "gtin", "true_from", "decision", name=op.f("pk_price_evidence")),
    )


def downgrade() -> None:
    """Take them away again."""
    for table in ("price_evidence", "price_document", "promotion_use", "pricing_policy", "promotion_version"):
        op.drop_table(table)
    for table, columns in (
        ("product", ["discountable"]),
        ("variant", ["content", "content_unit"]),
        ("price", ["member_minor", "floor_minor"]),
        ("store", ["region"]),
    ):
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)
