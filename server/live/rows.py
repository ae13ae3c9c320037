"""Events as the live page says them: when, where, in which channel, what; never who."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic_core import to_json
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.models import Store
from server.catalogue.queries import names
from server.texts import in_one_language
from server.timeline.models import Event, EventKind, Outbox
from server.timeline.reading.asked import Filter
from server.timeline.reading.queries import conditions
from server.wire import words
from server.wire.values import Frozen
from server.words import EVENTS, local, utc

SHOWN = 25

Numbered = Sequence[tuple[int, Event]]


class Row(Frozen):
    """One event in words; `number` is its place in the stream."""

    number: int
    at: str
    where: str
    channel: str
    what: str


def rows(session: Session, found: Numbered, stores: Mapping[str, Store], *, language: str) -> list[Row]:
    """Return events in the words of the page, in their order."""
    called = names(session, {event.product_id for _, event in found if event.product_id})
    return [
        _row((number, event), stores.get(event.store_id or ""), called, language=language)
        for number, event in found
    ]


def _row(
    one: tuple[int, Event], store: Store | None, called: Mapping[str, Mapping[str, str]], *, language: str
) -> Row:
    number, event = one
    kind = EventKind(event.kind)
    what = event.name if kind is EventKind.CUSTOM and event.name else in_one_language(EVENTS[kind], language)
    if event.product_id:
        what = f"{what}: {words(dict(called.get(event.product_id, {'en': event.product_id})), language)}"
    at = local(event.corrected_at, store) if store else utc(event.corrected_at)
    return Row(number=number, at=at, where=store.name if store else "", channel=event.channel, what=what)


def latest(session: Session, wanted: Filter) -> Numbered:
    """Return the newest events that are wanted, the newest first."""
    of_event = (Event.id == Outbox.event_id) & (Event.corrected_at == Outbox.corrected_at)
    asked = select(Outbox.seq, Event).join(Event, of_event).where(*conditions(wanted))
    return [(number, event) for number, event in session.execute(asked.order_by(Outbox.seq.desc()).limit(SHOWN))]


def as_stream(told: Sequence[Row]) -> bytes:
    """Return rows as server-sent events, each with its number."""
    return b"".join(b"id: %d\ndata: %s\n\n" % (row.number, to_json(row)) for row in told)
