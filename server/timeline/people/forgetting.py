"""Erasing a person: what was counted stays counted, what could tell who it was is gone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy import ColumnElement, and_, delete, or_, select, tuple_, update
from sqlalchemy.orm import Session

from server.db import Base
from server.timeline.models import Event, EventKey, FailedEvent, Quarantine
from server.timeline.people.card_traces import forget_traces, traces
from server.timeline.people.erased import remember
from server.timeline.people.erasure_notice import announce
from server.timeline.people.hand_over import forget_hand_overs
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.looking import forget_looks
from server.timeline.people.models import Id, IdKind, Link, PersonRequest, RequestKind
from server.timeline.people.named import COLUMNS
from server.timeline.people.queries import Person, Said, batched, events_of, person_of
from server.timeline.recording import ERASED

NOTHING_LEFT: dict[str, Any] = {
    "name": None,
    "message_id": None,
    "anonymous_id": None,
    "user_id": None,
    "tag_uid": None,
    "cause_id": None,
    "sent_at": None,
    "payload_hash": ERASED,
    "properties": {},
    "context": None,
    "consent": None,
}
"""What an erased event holds besides its kind, channel, store, product and time."""


def erase(
    session: Session,
    one: Id,
    said: Said,
    *,
    keys: PersonKeys,
    fresh_id: Callable[[], UUID],
    request_id: UUID | None = None,
) -> PersonRequest:
    """Erase whom an id belongs to, with all their ids, in the caller's transaction; return the receipt.

    The receipt has the id the asker gave the request, where one was given.

    Raises `SettingsError` where there is no key to remember it by. What a kiosk still has waiting comes as an
    anonymous visit: nothing links it any more.
    """
    person = person_of(session, one)
    hashes = [keys.hashes(known)[0] for known in sorted(person.ids, key=str)]
    uids = traces(session, person.values(IdKind.CARD), keys)
    counts = _forget(session, person, fresh_id, uids=uids)
    forget_traces(session, uids)
    remember(session, hashes, said.at)
    request_id = request_id or fresh_id()
    announce(session, person, keys, request_id=request_id, at=said.at)
    receipt = PersonRequest(
        id=request_id,
        kind=RequestKind.ERASE,
        hashes=hashes,
        asked_by=said.source,
        done_at=said.at,
        counts=counts,
    )
    session.add(receipt)
    session.flush()
    return receipt


def _forget(
    session: Session, person: Person, fresh_id: Callable[[], UUID], *, uids: Collection[str]
) -> dict[str, int]:
    events = events_of(session, person)
    named = [to_json(value) for value in (*uids, *(one.value for one in person.ids))]
    counts = {
        "failed_event": _delete_where_told(session, FailedEvent, named),
        "quarantine": _delete_where_told(session, Quarantine, named)
        + _delete_put_aside(session, [event.id for event in events]),
        "event": len(events),
        "person_link": len(person.links),
    }
    forget_hand_overs(session, person)
    for visit in sorted({event.visit_id for event in events} | set(person.visits), key=str):
        _part_with(session, person, visit, other=fresh_id())
    forget_looks(session, sorted(person.ids, key=str))
    for column, kind in COLUMNS.items():
        for table in (one for one in Base.metadata.sorted_tables if column in one.c):
            held = table.c[column].in_(person.values(kind))
            session.execute(update(table).where(held).values({column: None}))
    for some in batched(sorted((one.kind.value, one.value) for one in person.ids)):
        ends = (tuple_(Link.one_kind, Link.one_id), tuple_(Link.other_kind, Link.other_id))
        session.execute(delete(Link).where(or_(*(end.in_(some) for end in ends))))
    session.expire_all()
    return counts


def _part_with(session: Session, person: Person, visit: UUID | None, *, other: UUID) -> None:
    """Let what the person did in a visit have happened in another that nothing leads to."""
    session.execute(update(Event).where(Event.epoch == visit, _is_theirs(person, visit)).values(epoch=other))
    known = select(Event.id).where(_is_theirs(person, visit))
    session.execute(update(EventKey).where(EventKey.id.in_(known)).values(payload_hash=ERASED))
    session.execute(update(Event).where(_is_theirs(person, visit)).values(visit_id=other, **NOTHING_LEFT))
    if visit not in person.visits:
        return
    for table in Base.metadata.sorted_tables:
        if "visit_id" in table.c and table is not Event.__table__:
            session.execute(update(table).where(table.c.visit_id == visit).values(visit_id=other))


def _is_theirs(person: Person, visit: UUID | None) -> ColumnElement[bool]:
    named = Event.user_id.in_(person.values(IdKind.CUSTOMER))
    whose = or_(named, Event.user_id.is_(None)) if visit in person.visits else named
    return and_(Event.visit_id.is_(None) if visit is None else Event.visit_id == visit, whose)


def _delete_put_aside(session: Session, event_ids: Collection[UUID]) -> int:
    gone = 0
    for some in batched(list(event_ids)):
        gone += session.execute(delete(Quarantine).where(Quarantine.event_id.in_(some))).rowcount  # type: ignore[attr-defined]  # a DELETE's result has it
    return gone


def _delete_where_told(session: Session, table: type[FailedEvent | Quarantine], named: Collection[bytes]) -> int:
    """Delete what did not fit, or was sent twice, and names the person anywhere: it may have any shape."""
    column = FailedEvent.message if table is FailedEvent else Quarantine.payload
    rows = session.execute(select(table.id, column)).yield_per(1000)
    ids = [row_id for row_id, document in rows if any(name in _told(document) for name in named)]
    for some in batched(ids):
        session.execute(delete(table).where(table.id.in_(some)))
    return len(ids)


def _told(document: Any) -> bytes:
    """Return what a document says as JSON, with the message that one of the refused holds as a text."""
    written = document.get("written") if isinstance(document, dict) else None
    try:
        return to_json([document, from_json(written) if isinstance(written, str) else None])
    except ValueError:
        return to_json(document)


def erase_again(
    session: Session, listed: Iterable[str], said: Said, *, keys: PersonKeys, fresh_id: Callable[[], UUID]
) -> list[PersonRequest]:
    """Erase in a restored database everybody whose hash is listed; return the receipts.

    It looks at every id there is: after a restore, and only then, that is worth it.
    """
    wanted = set(listed)
    remember(session, wanted, said.at)  # of those, too, whom the backup does not know: a kiosk may
    found = [one for one in _every_id(session) if wanted & _hashes(one, keys)]
    return [erase(session, one, said, keys=keys, fresh_id=fresh_id) for one in found if _is_there(session, one)]


def _hashes(one: Id, keys: PersonKeys) -> set[str]:
    return {said for form in keys.later(one) for said in keys.hashes(form)}


def _every_id(session: Session) -> Iterator[Id]:
    for kind, value in session.execute(
        select(Link.one_kind, Link.one_id).union(select(Link.other_kind, Link.other_id))
    ).all():
        yield Id(IdKind(kind), value)
    for user in session.scalars(select(Event.user_id).where(Event.user_id.is_not(None)).distinct()).all():
        yield Id(IdKind.CUSTOMER, str(user))
    for visit in session.scalars(select(Event.visit_id).where(Event.visit_id.is_not(None)).distinct()).all():
        yield Id(IdKind.VISIT, str(visit))


def _is_there(session: Session, one: Id) -> bool:
    person = person_of(session, one)
    return bool(person.links or events_of(session, person))
