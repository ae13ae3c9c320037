"""A timeline of many events of many customers, as it grows in a shop: in the order of time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, text

from benches.timelines.messages import RIGHTS, message
from server.timeline.group_commit import Writer
from server.timeline.models import Event
from server.timeline.recording import Entry
from server.timeline.rules.messages import Sending, event_row
from server.timeline.sources.rules import KnownSource

EACH = 200
"""Events of each customer."""
BASE = 20_000
"""Events written one by one; a larger timeline holds each many times over, each time another customer's."""
AT_ONCE = 500_000
"""Events a statement copies."""

COPIED = {
    "sqlite": {
        "id": "printf('%016x%016x', base.number, series.number)",
        "series": "(WITH RECURSIVE s(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM s WHERE number < {n}) "
        "SELECT number FROM s) AS series",
    },
    "postgresql": {
        "id": "CAST(lpad(to_hex(base.number), 16, '0') || lpad(to_hex(series.number), 16, '0') AS uuid)",
        "series": "generate_series(1, {n}) AS series(number)",
    },
}


def grow(engine: Engine, size: int) -> None:
    """Fill the timeline with events of customers who each have 200, spread over months and among each other's.

    SQLite gets its indexes last: row by row they would grow at random places, which takes an hour.
    """
    _write_base(engine)
    with engine.connect() as connection:
        sqlite, times = connection.dialect.name == "sqlite", size // BASE - 1
        indexes = _laid_aside(connection) if sqlite else []
        numbered = "SELECT row_number() OVER (ORDER BY corrected_at, id) AS number, event.* FROM event"
        _at_leisure(connection, f"CREATE TABLE base AS {numbered}")
        rows = max(1, AT_ONCE // max(1, times))
        for first in range(1, BASE + 1, rows) if times else ():
            _at_leisure(connection, _copies(connection.dialect.name, times, first=first, last=first + rows - 1))
        _at_leisure(connection, "DROP TABLE base")
        for index in indexes:
            _at_leisure(connection, index)
        _at_leisure(connection, "PRAGMA analysis_limit = 1000" if sqlite else "SELECT 1")
        _at_leisure(connection, "ANALYZE")


def _copies(engine: str, times: int, *, first: int, last: int) -> str:
    changed = {
        "id": COPIED[engine]["id"],
        "user_id": f"'u' || (CAST(substr(user_id, 2) AS INTEGER) + series.number * {BASE // EACH})",
        "visit_id": "NULL",
    }
    names = [column.name for column in Event.__table__.columns]
    chosen = ", ".join(changed.get(name, f"base.{name}") for name in names)
    series = COPIED[engine]["series"].format(n=times)
    copied = f"SELECT {chosen} FROM base CROSS JOIN {series} WHERE base.number BETWEEN {first} AND {last}"  # noqa: S608 - nothing in it is anybody's
    return f"INSERT INTO event ({', '.join(names)}) {copied}"


def _laid_aside(connection: Connection) -> list[str]:
    """Take the indexes of the events away for now; return how they are made."""
    found = connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'event' AND sql IS NOT NULL")
    ).all()
    for pragma in ("synchronous = OFF", "cache_size = -1000000"):
        connection.execute(text(f"PRAGMA {pragma}"))
    for name, _ in found:
        _at_leisure(connection, f"DROP INDEX {name}")
    return [sql for _, sql in found]


def _at_leisure(connection: Connection, statement: str) -> None:
    """Do what takes longer than the server lets a statement of its own take."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text(statement))
    connection.commit()


def _write_base(engine: Any) -> None:
    writer, source = Writer(engine), KnownSource("bench", "web", None, frozenset(RIGHTS))
    for first in range(0, BASE, 2000):
        entries = []
        for number in range(first, first + 2000):
            moment = datetime.fromtimestamp(1_770_000_000 + number * 1000, UTC)
            told = {**message(number), "userId": f"u{number % (BASE // EACH)}", "timestamp": moment.isoformat()}
            entries.append(Entry(event_row(told, Sending(source, datetime.now(UTC), None)), b""))
        writer.write(entries)
