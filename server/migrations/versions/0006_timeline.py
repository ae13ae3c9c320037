"""The timeline of all channels: sources with keys of their own, what their messages bring, roll-ups, outbox, failures.

What is worth knowing before changing them: a message's event id is the hash of its source and message id, so the
event's key is also what keeps messages once; `event_hour` and `event_outbox` are written in the event's transaction.
The events that are there already are counted into `event_hour` here; they are not put in the outbox.
"""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from server.db import Json, UtcMoment

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None

NEW = (
    ("name", sa.String(200)),
    ("source_id", sa.String(64)),
    ("message_id", sa.String(100)),
    ("anonymous_id", sa.String(200)),
    ("user_id", sa.String(200)),
    ("sent_at", UtcMoment()),
    ("context", Json),
    ("consent", Json),
)


def upgrade() -> None:
    """Widen the event, make the tables, count what is there."""
    with op.batch_alter_table("event") as event:
        for name, kind in NEW:
            event.add_column(sa.Column(name, kind, nullable=True))
        event.add_column(sa.Column("version", sa.SmallInteger(), nullable=False, server_default="1"))
        _let_be_unsaid(event, True)
    op.create_index("ix_event_user_id_corrected_at", "event", ["user_id", "corrected_at"])
    with op.batch_alter_table("quarantine") as quarantine:
        quarantine.add_column(sa.Column("source_id", sa.String(64), nullable=True))
        for name in ("store_id", "device_id"):
            quarantine.alter_column(name, existing_type=sa.String(64), nullable=True)
    op.create_table(
        "source",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=True),
        sa.Column("rights", Json, nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcMoment(), nullable=False),
        sa.Column("revoked_at", UtcMoment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_source_key_hash")),
    )
    op.create_table(
        "event_hour",
        sa.Column("hour", UtcMoment(), nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "store_id", "channel", "kind", name=op.f("pk_event_hour")),
    )
    op.create_table(
        "event_outbox",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("corrected_at", UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "failed_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=100), nullable=False),
        sa.Column("received_at", UtcMoment(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("message", Json, nullable=False),
        sa.Column("sending", Json, nullable=False),
        sa.Column("repaired_at", UtcMoment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_event")),
    )
    op.create_index(op.f("ix_failed_event_source_id"), "failed_event", ["source_id"])
    _count()


def _let_be_unsaid(event: BatchOperations, may: bool) -> None:
    event.alter_column("visit_id", existing_type=sa.Uuid(), nullable=may)
    for name in ("store_id", "device_id"):
        event.alter_column(name, existing_type=sa.String(64), nullable=may)


def _count() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    hour = (
        "strftime('%Y-%m-%d %H:00:00.000000', corrected_at)"
        if on_sqlite
        else "date_trunc('hour', corrected_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'"
    )
    op.execute(
        "INSERT INTO event_hour (hour, store_id, channel, kind, events) "
        f"SELECT {hour}, coalesce(store_id, ''), channel, kind, count(*) FROM event GROUP BY 1, 2, 3, 4"
    )


def downgrade() -> None:
    """Take them away again, with the events no kiosk told of."""
    for table in ("failed_event", "event_outbox", "event_hour", "source"):
        op.drop_table(table)
    op.execute("DELETE FROM event WHERE store_id IS NULL OR device_id IS NULL OR visit_id IS NULL")
    op.execute("DELETE FROM quarantine WHERE store_id IS NULL OR device_id IS NULL")
    op.drop_index("ix_event_user_id_corrected_at", "event")
    with op.batch_alter_table("quarantine") as quarantine:
        quarantine.drop_column("source_id")
        for name in ("store_id", "device_id"):
            quarantine.alter_column(name, existing_type=sa.String(64), nullable=False)
    with op.batch_alter_table("event") as event:
        for name in ("version", *(name for name, _ in NEW)):
            event.drop_column(name)
        _let_be_unsaid(event, False)
