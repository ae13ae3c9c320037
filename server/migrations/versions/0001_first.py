"""The first tables: stores and staff, catalogue, tags, promotions, timeline, models, kiosks, calls.

What is worth knowing before changing them: `event.id` is the only unique key of the timeline, so that a
tap is stored once whatever is sent twice, and a new one is never swallowed by another key; `binding` has at
most one open row for a tag in a store; promotion windows are local times without a zone on purpose.
"""

import sqlalchemy as sa
from alembic import op

from server.db import Json, UtcMoment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "category",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("parent_id", sa.String(length=64), nullable=True),
        sa.Column("name", Json, nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["category.id"], name=op.f("fk_category_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
    )
    op.create_index(op.f("ix_category_parent_id"), "category", ["parent_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=True),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("sign_id", sa.String(length=64), nullable=True),
        sa.Column("tag_uid", sa.String(length=20), nullable=True),
        sa.Column("cause_id", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", UtcMoment(), nullable=False),
        sa.Column("received_at", UtcMoment(), nullable=False),
        sa.Column("corrected_at", UtcMoment(), nullable=False),
        sa.Column("epoch", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("payload_hash", sa.String(length=64), nullable=False),
        sa.Column("properties", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_store_id_corrected_at", "event", ["store_id", "corrected_at"], unique=False)
    op.create_index("ix_event_visit_id_corrected_at", "event", ["visit_id", "corrected_at"], unique=False)
    op.create_table(
        "promotion",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("headline", Json, nullable=False),
        sa.Column("condition", Json, nullable=True),
        sa.Column("rule", Json, nullable=False),
        sa.Column("starts", sa.DateTime(), nullable=True),
        sa.Column("ends", sa.DateTime(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotion")),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("received_at", UtcMoment(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("payload_hash", sa.String(length=64), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
    )
    op.create_index(op.f("ix_quarantine_event_id"), "quarantine", ["event_id"], unique=False)
    op.create_table(
        "revision",
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_revision")),
    )
    op.create_table(
        "sign",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("picture", Json, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("session_key", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("disabled_at", UtcMoment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_table(
        "store",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("place", Json, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store")),
    )
    op.create_table(
        "trained_model",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("trained_at", UtcMoment(), nullable=False),
        sa.Column("serving", sa.Boolean(), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.Column("report", Json, nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_trained_model")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcMoment(), nullable=False),
        sa.Column("staff_id", sa.String(length=64), nullable=True),
        sa.Column("store_id", sa.String(length=64), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("before", Json, nullable=True),
        sa.Column("after", Json, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_audit_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_store_id_at", "audit", ["store_id", "at"], unique=False)
    op.create_table(
        "binding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("target_kind", sa.String(length=20), nullable=False),
        sa.Column("target_id", sa.String(length=64), nullable=False),
        sa.Column("bound_from", UtcMoment(), nullable=False),
        sa.Column("bound_until", UtcMoment(), nullable=True),
        sa.Column("bound_by", sa.String(length=64), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["bound_by"], ["staff.id"], name=op.f("fk_binding_bound_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["staff.id"], name=op.f("fk_binding_ended_by")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_binding_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding")),
    )
    op.create_index(
        "uq_binding_open",
        "binding",
        ["store_id", "uid"],
        unique=True,
        sqlite_where=sa.text("bound_until IS NULL"),
        postgresql_where=sa.text("bound_until IS NULL"),
    )
    op.create_table(
        "kiosk",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcMoment(), nullable=False),
        sa.Column("revoked_at", UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_kiosk_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_kiosk_key_hash")),
    )
    op.create_index(op.f("ix_kiosk_store_id"), "kiosk", ["store_id"], unique=False)
    op.create_table(
        "product",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("category_id", sa.String(length=64), nullable=False),
        sa.Column("brand", sa.String(length=100), nullable=False),
        sa.Column("name", Json, nullable=False),
        sa.Column("summary", Json, nullable=False),
        sa.Column("pictures", Json, nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("notice", Json, nullable=True),
        sa.Column("withdrawn_at", UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_product_category_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
    )
    op.create_index(op.f("ix_product_category_id"), "product", ["category_id"], unique=False)
    op.create_table(
        "staff_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("kiosk_id", sa.String(length=64), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=True),
        sa.Column("called_at", UtcMoment(), nullable=False),
        sa.Column("taken_by", sa.String(length=64), nullable=True),
        sa.Column("taken_at", UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_staff_call_store_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name=op.f("fk_staff_call_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_call")),
    )
    op.create_index("ix_staff_call_store_id_called_at", "staff_call", ["store_id", "called_at"], unique=False)
    op.create_table(
        "staff_store",
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_store_staff_id")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_staff_store_store_id")),
        sa.PrimaryKeyConstraint("staff_id", "store_id", name=op.f("pk_staff_store")),
    )
    op.create_table(
        "unknown_tag",
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("uri", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("kiosk_id", sa.String(length=64), nullable=False),
        sa.Column("first_seen", UtcMoment(), nullable=False),
        sa.Column("last_seen", UtcMoment(), nullable=False),
        sa.Column("taps", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_unknown_tag_store_id")),
        sa.PrimaryKeyConstraint("store_id", "uid", name=op.f("pk_unknown_tag")),
    )
    op.create_table(
        "desk_reading",
        sa.Column("kiosk_id", sa.String(length=64), nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("read_id", sa.String(length=36), nullable=False),
        sa.Column("read_at", UtcMoment(), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("uri", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("product", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_desk_reading_kiosk_id")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_desk_reading_store_id")),
        sa.PrimaryKeyConstraint("kiosk_id", name=op.f("pk_desk_reading")),
    )
    op.create_index(op.f("ix_desk_reading_store_id"), "desk_reading", ["store_id"], unique=False)
    op.create_table(
        "kiosk_state",
        sa.Column("kiosk_id", sa.String(length=64), nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("heard_at", UtcMoment(), nullable=False),
        sa.Column("heartbeat", Json, nullable=False),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_kiosk_state_kiosk_id")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_kiosk_state_store_id")),
        sa.PrimaryKeyConstraint("kiosk_id", name=op.f("pk_kiosk_state")),
    )
    op.create_index(op.f("ix_kiosk_state_store_id"), "kiosk_state", ["store_id"], unique=False)
    op.create_table(
        "shelf_place",
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("zone", Json, nullable=False),
        sa.Column("fixture", Json, nullable=True),
        sa.Column("shelf", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_shelf_place_product_id")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_shelf_place_store_id")),
        sa.PrimaryKeyConstraint("store_id", "product_id", name=op.f("pk_shelf_place")),
    )
    op.create_table(
        "sign_product",
        sa.Column("sign_id", sa.String(length=64), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_sign_product_product_id")),
        sa.ForeignKeyConstraint(["sign_id"], ["sign.id"], name=op.f("fk_sign_product_sign_id")),
        sa.PrimaryKeyConstraint("sign_id", "product_id", name=op.f("pk_sign_product")),
    )
    op.create_index("ix_sign_product_sign_id_position", "sign_product", ["sign_id", "position"], unique=False)
    op.create_table(
        "variant",
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("size", sa.String(length=20), nullable=True),
        sa.Column("colour", Json, nullable=True),
        sa.Column("colour_code", sa.String(length=7), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_variant_product_id")),
        sa.PrimaryKeyConstraint("gtin", name=op.f("pk_variant")),
        sa.UniqueConstraint("sku", name=op.f("uq_variant_sku")),
    )
    op.create_index(op.f("ix_variant_product_id"), "variant", ["product_id"], unique=False)
    op.create_table(
        "price",
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("applies_from", UtcMoment(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["gtin"], ["variant.gtin"], name=op.f("fk_price_gtin")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_price_store_id")),
        sa.PrimaryKeyConstraint("store_id", "gtin", "applies_from", name=op.f("pk_price")),
    )
    op.create_table(
        "stock",
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("counted_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(["gtin"], ["variant.gtin"], name=op.f("fk_stock_gtin")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_stock_store_id")),
        sa.PrimaryKeyConstraint("store_id", "gtin", name=op.f("pk_stock")),
    )


def downgrade() -> None:
    """Remove every table."""
    op.drop_table("stock")
    op.drop_table("price")
    op.drop_index(op.f("ix_variant_product_id"), table_name="variant")
    op.drop_table("variant")
    op.drop_index("ix_sign_product_sign_id_position", table_name="sign_product")
    op.drop_table("sign_product")
    op.drop_table("shelf_place")
    op.drop_index(op.f("ix_kiosk_state_store_id"), table_name="kiosk_state")
    op.drop_table("kiosk_state")
    op.drop_index(op.f("ix_desk_reading_store_id"), table_name="desk_reading")
    op.drop_table("desk_reading")
    op.drop_table("unknown_tag")
    op.drop_table("staff_store")
    op.drop_index("ix_staff_call_store_id_called_at", table_name="staff_call")
    op.drop_table("staff_call")
    op.drop_index(op.f("ix_product_category_id"), table_name="product")
    op.drop_table("product")
    op.drop_index(op.f("ix_kiosk_store_id"), table_name="kiosk")
    op.drop_table("kiosk")
    op.drop_index(
        "uq_binding_open",
        table_name="binding",
        sqlite_where=sa.text("bound_until IS NULL"),
        postgresql_where=sa.text("bound_until IS NULL"),
    )
    op.drop_table("binding")
    op.drop_index("ix_audit_store_id_at", table_name="audit")
    op.drop_table("audit")
    op.drop_table("trained_model")
    op.drop_table("store")
    op.drop_table("staff")
    op.drop_table("sign")
    op.drop_table("revision")
    op.drop_index(op.f("ix_quarantine_event_id"), table_name="quarantine")
    op.drop_table("quarantine")
    op.drop_table("promotion")
    op.drop_index("ix_event_visit_id_corrected_at", table_name="event")
    op.drop_index("ix_event_store_id_corrected_at", table_name="event")
    op.drop_table("event")
    op.drop_index(op.f("ix_category_parent_id"), table_name="category")
    op.drop_table("category")
