"""Hand-overs in the database: every step is one conditional change, so that each happens once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, false, func, or_, select, update
from sqlalchemy.orm import Session

from server.access.queries import record
from server.access.rules import Device, key_hash
from server.errors import Conflict, NotFound
from server.phone.rules import HOUR, MOST_AT_KIOSK, MOST_TRIES, OPEN, PHONE_LIVES, State, state_at
from server.timeline.models import Event, EventKind
from server.timeline.people.hand_over import HandOver

OVER = "This visit has ended; a phone can no longer carry it on."


def take_turn(session: Session, visit_id: UUID) -> None:
    """Let the caller's transaction be the only one that hands the visit over, until it ends.

    On SQLite, which has one writer at a time, a statement that changes no row makes it the writer.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(visit_id.int % 2**63)))
    else:
        session.execute(update(HandOver).where(false()).values(state=State.ENDED))


def offer(session: Session, row: HandOver) -> None:
    """Keep a new offer, the only open one of its kiosk and visit; raises `Conflict` where the visit has ended."""
    take_turn(session, row.visit_id)
    if visit_over(session, row):
        raise Conflict(OVER)
    theirs = or_(HandOver.kiosk_id == row.kiosk_id, HandOver.visit_id == row.visit_id)
    session.execute(update(HandOver).where(theirs, HandOver.state.in_(OPEN)).values(state=State.ENDED))
    session.add(row)


def of_kiosk(session: Session, hand_over_id: UUID, device: Device) -> HandOver:
    """Return a kiosk's own offer; raises `NotFound`, the same for another's and for none."""
    row = session.get(HandOver, hand_over_id)
    if row is None or row.kiosk_id != device.id:
        msg = "There is no such hand-over of this kiosk."
        raise NotFound(msg)
    return row


def of_link(session: Session, token: str) -> HandOver | None:
    """Return the offer of a link."""
    return _one(session, HandOver.link_hash == key_hash(token))


def of_asker(session: Session, asker: str) -> HandOver | None:
    """Return the offer the phone with this secret asked for."""
    return _one(session, HandOver.asker_hash == key_hash(asker))


def of_phone(session: Session, key: str, now: datetime) -> HandOver | None:
    """Return what the phone with this cookie carries on."""
    row = _one(session, HandOver.phone_hash == key_hash(key))
    lives = row is not None and row.state == State.CARRIED and row.offered_at > now - PHONE_LIVES
    return row if lives else None


def _one(session: Session, said: ColumnElement[bool]) -> HandOver | None:
    return session.scalar(select(HandOver).where(said))


def state_of(session: Session, row: HandOver, now: datetime) -> State:
    """Return the state of an offer now."""
    stored = State(row.state)
    return state_at(stored, row.offered_at, now, visit_over=stored in OPEN and visit_over(session, row))


def visit_over(session: Session, row: HandOver) -> bool:
    """Return whether the visit has ended at its kiosk."""
    ended = select(Event.id).where(Event.visit_id == row.visit_id, Event.store_id == row.store_id)
    return session.scalar(ended.where(Event.kind == EventKind.VISIT_ENDED).limit(1)) is not None


def step(session: Session, row: HandOver, came_from: Collection[State], *, to: State, **more: Any) -> bool:
    """Take an offer one step on; False where it was no longer in one of the states it came from."""
    change = update(HandOver).where(HandOver.id == row.id, HandOver.state.in_(list(came_from)))
    done = session.execute(change.values(state=to, **more))
    return isinstance(done, CursorResult) and done.rowcount == 1


def may_try(session: Session, row: HandOver, now: datetime) -> bool:
    """Count one more number typed in for an offer; False where there were too many, of it or at its kiosk."""
    change = update(HandOver).where(HandOver.id == row.id, HandOver.tries < MOST_TRIES)
    counted = session.execute(change.values(tries=HandOver.tries + 1))
    if not isinstance(counted, CursorResult) or counted.rowcount != 1:
        return False
    lately = select(func.sum(HandOver.tries)).where(HandOver.kiosk_id == row.kiosk_id)
    return (session.scalar(lately.where(HandOver.offered_at > now - HOUR)) or 0) <= MOST_AT_KIOSK


def take_try_back(session: Session, row: HandOver) -> None:
    """Count a number no more that was somebody's."""
    session.execute(update(HandOver).where(HandOver.id == row.id).values(tries=HandOver.tries - 1))


def note_vouched(session: Session, row: HandOver, *, source_id: str, now: datetime) -> None:
    """Leave a row of audit that a source said whose visit it is; it names nobody."""
    record(
        session,
        now=now,
        staff_id=None,
        store_id=row.store_id,
        action="people.introduce",
        subject=f"hand_over:{row.id}",
        after={"source": source_id},
    )
