"""Events written: first write wins, another payload under the same id is kept aside."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import Connection, Engine, insert, select

from server.access.rules import Device
from server.driver import LoopConnection
from server.tags.queries import note_unknown
from server.tags.rules import UnknownTap
from server.timeline.consents.at_the_time import NoStranger, stamped
from server.timeline.models import EventKey, EventKind, Quarantine
from server.timeline.own_properties import NOTHING, OwnProperties
from server.timeline.writing import Around, write_rows, write_strangers, write_strangers_soon

Aside = Callable[[Callable[[], list["Receipt"]]], Awaitable[list["Receipt"]]]
"""Does in a thread what would have an event loop wait."""

ERASED = "erased"
"""Stands where the payload's hash did once a person was erased: whatever is sent again is a duplicate then."""

NOTHING_MORE: dict[str, Any] = {
    "name": None,
    "version": 1,
    "source_id": None,
    "message_id": None,
    "anonymous_id": None,
    "user_id": None,
    "product_id": None,
    "gtin": None,
    "sign_id": None,
    "tag_uid": None,
    "cause_id": None,
    "seq": 0,
    "sent_at": None,
    "properties": {},
    "context": None,
    "consent": None,
}


class Stored(StrEnum):
    """What became of an event."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event to write: the row of `Event`, and its payload (JSON) to keep aside if its id was used before.

    `unknown` goes to the manager's list in the same transaction, where the event is new.
    `looks_back` has the receipt tell what the visit saw before.
    """

    row: dict[str, Any]
    payload: bytes
    unknown: UnknownTap | None = None
    looks_back: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an entry, the revisions that were true at that moment, and what its visit saw, oldest first.

    `variants` are the GTINs among it. `stranger` says that nobody was introduced there; False where not asked.
    """

    stored: Stored
    revision: int
    seen: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    stranger: bool = False


def device_event(
    device: Device,
    kind: EventKind,
    *,
    event_id: UUID,
    visit_id: UUID,
    occurred_at: datetime,
    received_at: datetime,
    payload: bytes,
    properties: OwnProperties | dict[str, Any] = NOTHING,
    **more: Any,
) -> dict[str, Any]:
    """Return the row of an event a device tells of; `more` are the columns of `Event` that only some kinds fill.

    The properties of a kind of our own are those of `own_properties`; a dict is for kinds others tell of, too.

    Two sendings of one event are alike where the hashes of their payloads are.
    """
    return {
        **NOTHING_MORE,
        "id": event_id,
        "kind": kind,
        "channel": "kiosk",
        "store_id": device.store_id,
        "device_id": device.id,
        "visit_id": visit_id,
        "occurred_at": occurred_at,
        "received_at": received_at,
        "corrected_at": occurred_at,
        "epoch": visit_id,
        "payload_hash": hashlib.sha256(payload).hexdigest(),
        "properties": properties.written() if isinstance(properties, OwnProperties) else properties,
        **more,
    }


class Alone:
    """Writes entries in transactions of their own.

    On PostgreSQL each is one statement, thus one way there and back, where nothing else belongs to it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.one_way = engine.dialect.name == "postgresql"
        self._on_loop = LoopConnection(engine)

    def record(self, entries: Sequence[Entry]) -> list[Receipt]:
        """Return a receipt for each entry, in order, once they are committed; raises SQLAlchemy's errors."""
        if self.one_way and not _noted_elsewhere(entries):
            with suppress(NoStranger):
                return self._of_strangers(entries)
        with self._engine.begin() as connection:
            return record_events(connection, entries)

    async def record_soon(self, entries: Sequence[Entry], aside: Aside) -> list[Receipt]:
        """Do so on an event loop, which is free meanwhile; what takes more than one way is done `aside`."""
        if not self.one_way or _noted_elsewhere(entries):
            return await aside(lambda: self.record(entries))
        rows = [entry.row for entry in _first_of(entries).values()]
        try:
            around = await write_strangers_soon(self._on_loop, rows, _looking_back(entries))
        except NoStranger:
            return await aside(lambda: self.record(entries))
        if len(around.new) < len(entries):
            return await aside(lambda: self._judged(entries, around))
        return _all_new(entries, around)

    def _of_strangers(self, entries: Sequence[Entry]) -> list[Receipt]:
        rows = [entry.row for entry in _first_of(entries).values()]
        around = write_strangers(self._engine, rows, _looking_back(entries))
        return self._judged(entries, around) if len(around.new) < len(entries) else _all_new(entries, around)

    def _judged(self, entries: Sequence[Entry], around: Around) -> list[Receipt]:
        with self._engine.begin() as connection:
            return _judged(connection, entries, around)


def _noted_elsewhere(entries: Sequence[Entry]) -> bool:
    return any(entry.unknown for entry in entries)


def _all_new(entries: Sequence[Entry], around: Around) -> list[Receipt]:
    return [_receipt(entry, Stored.ACCEPTED, around) for entry in entries]


def record_events(connection: Connection, entries: Sequence[Entry]) -> list[Receipt]:
    """Write the entries in the caller's transaction and return a receipt for each, in order."""
    rows = stamped(connection, [entry.row for entry in _first_of(entries).values()])
    return _judged(connection, entries, write_rows(connection, rows, _looking_back(entries)))


def _first_of(entries: Sequence[Entry]) -> dict[UUID, Entry]:
    first: dict[UUID, Entry] = {}
    for entry in entries:
        first.setdefault(entry.row["id"], entry)
    return first


def _looking_back(entries: Sequence[Entry]) -> set[UUID]:
    return {entry.row["visit_id"] for entry in entries if entry.looks_back}


def _judged(connection: Connection, entries: Sequence[Entry], around: Around) -> list[Receipt]:
    """Return the receipts; what was sent before with another payload is put aside, what is unknown noted."""
    if len(around.new) == len(entries):
        note_unknown(connection, [entry.unknown for entry in entries if entry.unknown])
        return _all_new(entries, around)
    first = _first_of(entries)
    accepted = {event_id: entry for event_id, entry in first.items() if event_id in around.new}
    hashes = _hashes(connection, first.keys() - around.new)
    hashes |= {event_id: entry.row["payload_hash"] for event_id, entry in accepted.items()}
    verdicts = [_verdict(entry, hashes, accepted) for entry in entries]
    put_aside = [e for e, verdict in zip(entries, verdicts, strict=True) if verdict is Stored.CONFLICT]
    if put_aside:
        connection.execute(insert(Quarantine), [_aside(e) for e in put_aside])
    note_unknown(connection, [entry.unknown for entry in accepted.values() if entry.unknown])
    return [_receipt(entry, verdict, around) for entry, verdict in zip(entries, verdicts, strict=True)]


def _receipt(entry: Entry, verdict: Stored, around: Around) -> Receipt:
    seen, variants = _looked(around, entry.row["visit_id"])
    return Receipt(verdict, around.revisions[entry.row["store_id"]], seen, variants, around.strangers)


def _looked(around: Around, visit: UUID) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (around.seen[visit], around.variants[visit]) if visit in around.seen else ((), ())


def _verdict(entry: Entry, hashes: dict[UUID, str], accepted: dict[UUID, Entry]) -> Stored:
    event_id = entry.row["id"]
    if accepted.get(event_id) is entry:
        return Stored.ACCEPTED
    same = hashes.get(event_id) in {entry.row["payload_hash"], ERASED}
    return Stored.DUPLICATE if same else Stored.CONFLICT


def _hashes(connection: Connection, ids: set[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    found = connection.execute(select(EventKey.id, EventKey.payload_hash).where(EventKey.id.in_(ids)))
    return dict(found.all())


def _aside(entry: Entry) -> dict[str, Any]:
    row = entry.row
    return {
        "event_id": row["id"],
        "source_id": row["source_id"],
        "device_id": row["device_id"],
        "store_id": row["store_id"],
        "received_at": row["received_at"],
        "code": "conflict",
        "reason": "This id was used before for something else; the first was kept.",
        "payload_hash": row["payload_hash"],
        "payload": from_json(entry.payload),
    }
