"""Events written: first write wins, another payload under the same id is kept aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from server.db import CHAIN, Revision
from server.timeline.models import Event, Quarantine


class Stored(StrEnum):
    """What became of an event."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event to write: the row of `Event`, and the payload to keep aside if its id was used before."""

    row: dict[str, Any]
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an entry, the revisions that were true at that moment, and what its visit saw before."""

    stored: Stored
    revision: int
    seen: tuple[str, ...] = field(default=())


def record_events(connection: Connection, entries: Sequence[Entry]) -> list[Receipt]:
    """Write the entries in the caller's transaction and return a receipt for each, in order."""
    new = _insert(connection, entries)
    hashes = _hashes(connection, {e.row["id"] for e in entries} - new)
    verdicts, taken = [], {}
    for entry in entries:
        event_id, digest = entry.row["id"], entry.row["payload_hash"]
        if event_id in new and event_id not in taken:
            taken[event_id] = digest
            verdicts.append(Stored.ACCEPTED)
        else:
            first = taken.get(event_id) or hashes.get(event_id)
            verdicts.append(Stored.DUPLICATE if first == digest else Stored.CONFLICT)
    put_aside = [e for e, verdict in zip(entries, verdicts, strict=True) if verdict is Stored.CONFLICT]
    if put_aside:
        connection.execute(insert(Quarantine), [_aside(e) for e in put_aside])
    revisions = _revisions(connection, {e.row["store_id"] for e in entries})
    seen = _seen(connection, {e.row["visit_id"] for e in entries})
    return [
        Receipt(
            verdict, revisions.get(e.row["store_id"], 0) + revisions.get(CHAIN, 0), seen.get(e.row["visit_id"], ())
        )
        for e, verdict in zip(entries, verdicts, strict=True)
    ]


def _insert(connection: Connection, entries: Sequence[Entry]) -> set[UUID]:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Event).on_conflict_do_nothing(index_elements=[Event.id]).returning(Event.id)
    rows = sorted((e.row for e in entries), key=lambda row: row["id"])  # one order for all writers: no deadlock
    return set(connection.execute(statement, rows).scalars())


def _hashes(connection: Connection, ids: set[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    found = connection.execute(select(Event.id, Event.payload_hash).where(Event.id.in_(ids)))
    return dict(found.all())


def _aside(entry: Entry) -> dict[str, Any]:
    row = entry.row
    return {
        "event_id": row["id"],
        "device_id": row["device_id"],
        "store_id": row["store_id"],
        "received_at": row["received_at"],
        "code": "conflict",
        "reason": "This id was used before for something else; the first was kept.",
        "payload_hash": row["payload_hash"],
        "payload": entry.payload,
    }


def _revisions(connection: Connection, stores: set[str]) -> dict[str, int]:
    wanted = select(Revision.scope, Revision.number).where(Revision.scope.in_({*stores, CHAIN}))
    return dict(connection.execute(wanted).all())


def _seen(connection: Connection, visits: set[UUID]) -> dict[UUID, tuple[str, ...]]:
    wanted = select(Event.visit_id, Event.product_id).where(
        Event.visit_id.in_(visits), Event.product_id.is_not(None)
    )
    seen: dict[UUID, tuple[str, ...]] = {}
    for visit, product in connection.execute(wanted.order_by(Event.corrected_at)):
        seen[visit] = (*seen.get(visit, ()), str(product))
    return seen
