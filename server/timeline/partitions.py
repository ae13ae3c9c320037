"""The timeline by the month: on PostgreSQL a partition each, made ahead and dropped when its time is over."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy import Connection, text

AHEAD = 3
"""Months whose partition is there before they begin."""

_NAME = re.compile(r"event_(\d{4})_(\d{2})")


def month_of(moment: datetime, later: int = 0) -> datetime:
    """Return the first moment (UTC) of its month, or of one so many months later."""
    months = moment.astimezone(UTC).year * 12 + moment.astimezone(UTC).month - 1 + later
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def partitions(connection: Connection) -> dict[datetime, str]:
    """Return the partitions by the month each is for; none on SQLite."""
    if connection.dialect.name != "postgresql":
        return {}
    asked = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'event'::regclass"
    named = [(name, _NAME.fullmatch(name)) for name in connection.execute(text(asked)).scalars()]
    return {datetime(int(found[1]), int(found[2]), 1, tzinfo=UTC): name for name, found in named if found}


def take_time(connection: Connection) -> None:
    """Let this transaction's statements take as long as they need: nobody waits for their answer."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))


def make_ahead(connection: Connection, now: datetime, *, behind: int = 1) -> list[str]:
    """Make the missing partitions of months just gone, of this one and of those to come; return their names."""
    if connection.dialect.name != "postgresql":
        return []
    there = partitions(connection)
    missing = [month for later in range(-behind, AHEAD + 1) if (month := month_of(now, later)) not in there]
    return [_make(connection, month) for month in missing]


def _make(connection: Connection, month: datetime) -> str:
    """Make a month's partition, with what the default one kept of it meanwhile."""
    name, end = f"event_{month:%Y_%m}", month_of(month, 1)
    within = f"corrected_at >= '{month.isoformat()}' AND corrected_at < '{end.isoformat()}'"
    for statement in (
        f"CREATE TABLE {name} (LIKE event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)",
        "LOCK TABLE event IN SHARE ROW EXCLUSIVE MODE",
        f"WITH moved AS (DELETE FROM event_default WHERE {within} RETURNING *) "  # noqa: S608 - no one's words are in it
        f"INSERT INTO {name} SELECT * FROM moved",
        f"ALTER TABLE event ATTACH PARTITION {name} "
        f"FOR VALUES FROM ('{month.isoformat()}') TO ('{end.isoformat()}')",
    ):
        connection.execute(text(statement))
    return name


def drop_before(connection: Connection, moment: datetime) -> int:
    """Drop the partitions of the months that were over by then; return how many events they held.

    What was counted stays, and so do the keys: a message that is sent again after years is still known.
    """
    gone = 0
    for month, name in sorted(partitions(connection).items()):
        if month_of(month, 1) <= moment:
            gone += connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()  # noqa: S608 - our own name
            connection.execute(text(f"DROP TABLE {name}"))
    return gone
