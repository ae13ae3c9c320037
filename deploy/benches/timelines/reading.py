"""A customer's last 50 events, as the timeline grows."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from benches.timelines.messages import RIGHTS, Figures, message, percentiles
from server.db import open_engine
from server.timeline.group_commit import Writer
from server.timeline.models import Event
from server.timeline.reading.asked import Filter, Whose
from server.timeline.reading.queries import newest_first
from server.timeline.recording import Entry
from server.timeline.rules.messages import Sending, event_row
from server.timeline.sources.rules import KnownSource


def read(name: str, urls: list[str], sizes: list[int]) -> Figures:
    """Measure a customer's last 50 events on timelines of different sizes, in turn, so load meets both alike."""
    engines = [open_engine(url) for url in urls]
    for engine, size in zip(engines, sizes, strict=True):
        grow(engine, size)
    waits: dict[int, list[float]] = {size: [] for size in sizes}
    for turn in range(300):
        for engine, size in zip(engines, sizes, strict=True):
            whose = Whose(users=(f"u{(turn * 7919) % (size // 200)}",))
            with Session(engine) as session:
                began = time.perf_counter()
                found = newest_first(session, whose, Filter(), limit=50)
                waits[size].append(time.perf_counter() - began)
            if len(found) != 50:
                msg = f"{len(found)} events instead of 50: the figure would be of something else"
                raise SystemExit(msg)
    figures = {f"{name} last 50 of {size:,}": percentiles(waits[size]) for size in sizes}
    medians = [statistics.median(waits[size]) for size in sizes]
    figures[f"{name} last 50, grown"] = {"of the small one's time": medians[-1] / medians[0]}
    for engine in engines:
        engine.dispose()
    return figures


BASE = 20_000
"""Events written one by one; a larger timeline holds them many times over, each time of other customers."""

FRESH_ID = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}


def grow(engine: Engine, size: int) -> None:
    """Fill the timeline with events of customers who each have 200, spread over months."""
    _write_base(engine)
    names = [column.name for column in Event.__table__.columns]
    with engine.connect() as connection:
        for time_over in range(1, size // BASE):
            changed = {
                "id": FRESH_ID[connection.dialect.name],
                "user_id": f"'u' || (CAST(substr(user_id, 2) AS INTEGER) + {time_over * (BASE // 200)})",
                "visit_id": "NULL",
            }
            chosen = ", ".join(changed.get(name, name) for name in names)
            base = f"SELECT {chosen} FROM event WHERE visit_id IS NOT NULL"  # noqa: S608 - nothing in it is anybody's
            _at_leisure(connection, f"INSERT INTO event ({', '.join(names)}) {base}")
        _at_leisure(connection, "ANALYZE")


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
            told = {**message(number), "userId": f"u{number % (BASE // 200)}", "timestamp": moment.isoformat()}
            entries.append(Entry(event_row(told, Sending(source, datetime.now(UTC), None)), b""))
        writer.write(entries)
