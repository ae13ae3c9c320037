"""Counts kept beside the events, in the transaction that stores them: always equal to a recount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from server.timeline.models import EventHour

Hour = tuple[datetime, str, str, str]
"""The key of a count: hour, store ('' for none), channel, kind."""


def hour_of(row: dict[str, Any]) -> Hour:
    """Return which count an event (a row of `Event`) belongs to."""
    moment: datetime = row["corrected_at"]
    hour = moment.replace(minute=0, second=0, microsecond=0)
    return hour, row["store_id"] or "", row["channel"], row["kind"]


def count(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Count new events, in the caller's transaction."""
    add(connection, Counter(map(hour_of, rows)))


def add(connection: Connection, counts: dict[Hour, int]) -> None:
    """Add to the counts (or take away), in one order for all writers, so that none waits in a ring."""
    columns = ("hour", "store_id", "channel", "kind")
    added = [
        {**dict(zip(columns, hour, strict=True)), "events": number}
        for hour, number in sorted(counts.items())
        if number
    ]
    if added:
        connection.execute(_ADD[connection.dialect.name], added)


def _adding(insert: Any) -> Any:
    added = insert(EventHour)
    return added.on_conflict_do_update(
        index_elements=["hour", "store_id", "channel", "kind"],
        set_={"events": EventHour.events + added.excluded.events},
    )


_ADD = {"sqlite": _adding(sqlite.insert), "postgresql": _adding(postgresql.insert)}
