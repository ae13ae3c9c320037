"""Whether a tag is to be believed: tags enrolled, their sightings, sealed keys, alarms.

What is worth knowing before changing them: `tag.counter` only rises, by one UPDATE that compares; a `tag_alarm` that
nobody has seen is there once for a store, tag and kind, and counts; `tag_sighting` holds tags of the chain only, so
that phones, which show a new UID each time, cannot fill it. The history of a tag is in `audit`, by its UID.
"""

import sqlalchemy as sa
from alembic import op

from server.db import Json, UtcMoment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and the index that finds a tag's history."""
    op.create_table(
        "tag",
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("chip", sa.String(length=32), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=True),
        sa.Column("uri", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column("key_set", sa.String(length=64), nullable=True),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("counted_at", UtcMoment(), nullable=True),
        sa.Column("counted_by", sa.Uuid(), nullable=True),
        sa.Column("enrolled_at", UtcMoment(), nullable=False),
        sa.Column("enrolled_by", sa.String(length=64), nullable=True),
        sa.Column("written_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["enrolled_by"], ["staff.id"], name=op.f("fk_tag_enrolled_by")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_tag_store_id")),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_tag")),
    )
    op.create_index(op.f("ix_tag_store_id"), "tag", ["store_id"], unique=False)
    op.create_index(op.f("ix_tag_uri"), "tag", ["uri"], unique=False)
    op.create_table(
        "tag_sighting",
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("kiosk_id", sa.String(length=64), nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_tag_sighting_store_id")),
        sa.PrimaryKeyConstraint("uid", "kiosk_id", name=op.f("pk_tag_sighting")),
    )
    op.create_table(
        "tag_keys",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", UtcMoment(), nullable=False),
        sa.Column("retired_at", UtcMoment(), nullable=True),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_tag_keys")),
    )
    op.create_table(
        "tag_alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("uid", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("kiosk_id", sa.String(length=64), nullable=False),
        sa.Column("first_seen", UtcMoment(), nullable=False),
        sa.Column("last_seen", UtcMoment(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("evidence", Json, nullable=False),
        sa.Column("seen_by", sa.String(length=64), nullable=True),
        sa.Column("seen_at", UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(["seen_by"], ["staff.id"], name=op.f("fk_tag_alarm_seen_by")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_tag_alarm_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag_alarm")),
    )
    op.create_index(
        "uq_tag_alarm_open",
        "tag_alarm",
        ["store_id", "uid", "kind"],
        unique=True,
        sqlite_where=sa.text("seen_at IS NULL"),
        postgresql_where=sa.text("seen_at IS NULL"),
    )
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_audit_subject"), table_name="audit")
    for table in ("tag_alarm", "tag_keys", "tag_sighting", "tag"):
        op.drop_table(table)
