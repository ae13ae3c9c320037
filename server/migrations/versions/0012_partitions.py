"""The timeline by the month on PostgreSQL, and a table of the keys of all events there ever were.

What is worth knowing before changing them: a unique key of a partitioned table must hold the column it is partitioned
by, so that an event is there once is the work of `event_key` alone, on both engines; it also outlives the events that
retention removes. On SQLite the events stay one table. `timeline.partitions` makes and drops partitions later.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_event_store_id_corrected_at": ["store_id", "corrected_at"],
    "ix_event_visit_id_corrected_at": ["visit_id", "corrected_at"],
    "ix_event_user_id_corrected_at": ["user_id", "corrected_at"],
}

MAKE_MONTHS = """
DO $$
DECLARE month timestamptz;
BEGIN
    FOR month IN
        SELECT DISTINCT date_trunc('month', at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' FROM (
            SELECT corrected_at AS at FROM event_whole
            UNION ALL SELECT generate_series(now() - interval '1 month', now() + interval '3 months', interval '1 month')
        ) AS moments
    LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF event FOR VALUES FROM (%L) TO (%L)',
            to_char(month AT TIME ZONE 'UTC', '"event_"YYYY_MM'), month,
            (month AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC');
    END LOOP;
END $$
"""


def upgrade() -> None:
    """Make the table of keys, and the partitions where the engine has them."""
    op.create_table(
        "event_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payload_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_key")),
    )
    op.execute("INSERT INTO event_key (id, payload_hash) SELECT id, payload_hash FROM event")
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("SET LOCAL statement_timeout = 0")
    _put_aside()
    op.execute("CREATE TABLE event (LIKE event_whole INCLUDING DEFAULTS) PARTITION BY RANGE (corrected_at)")
    op.execute("ALTER TABLE event ADD CONSTRAINT pk_event PRIMARY KEY (id, corrected_at)")
    _index()
    op.execute("CREATE TABLE event_default PARTITION OF event DEFAULT")
    op.execute(MAKE_MONTHS)
    _take_back()


def downgrade() -> None:
    """Put the events back into one table; the keys of those that are gone are gone too."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
        _put_aside()
        op.execute("CREATE TABLE event (LIKE event_whole INCLUDING DEFAULTS)")
        op.execute("ALTER TABLE event ADD CONSTRAINT pk_event PRIMARY KEY (id)")
        _index()
        _take_back()
    op.drop_table("event_key")


def _put_aside() -> None:
    op.execute("ALTER TABLE event DROP CONSTRAINT pk_event")
    for name in INDEXES:
        op.drop_index(name, "event")
    op.rename_table("event", "event_whole")


def _index() -> None:
    for name, columns in INDEXES.items():
        op.create_index(name, "event", columns)


def _take_back() -> None:
    op.execute("INSERT INTO event SELECT * FROM event_whole")
    op.drop_table("event_whole")
