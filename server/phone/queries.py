"""Hand-overs in the database: every step is one conditional change, so that each happens once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from server.access.rules import Device, key_hash
from server.errors import Conflict, NotFound
from server.phone.models import HandOver
from server.phone.rules import OPEN, PHONE_LIVES, State, state_at
from server.timeline.models import Event, EventKind

OVER = "This visit has ended; a phone can no longer carry it on."


def offer(session: Session, row: HandOver) -> None:
    """Keep a new offer, the only open one of its kiosk; raises `Conflict` where its visit has ended."""
    if visit_over(session, row):
        raise Conflict(OVER)
    session.execute(delete(HandOver).where(HandOver.offered_at < row.offered_at - PHONE_LIVES))
    older = update(HandOver).where(HandOver.kiosk_id == row.kiosk_id, HandOver.state.in_(OPEN))
    session.execute(older.values(state=State.ENDED))
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
    return session.scalar(select(HandOver).where(HandOver.link_hash == key_hash(token)))


def of_asker(session: Session, asker: str) -> HandOver | None:
    """Return the offer the phone with this secret asked for."""
    return session.scalar(select(HandOver).where(HandOver.asker_hash == key_hash(asker)))


def of_phone(session: Session, key: str, now: datetime) -> HandOver | None:
    """Return what the phone with this cookie carries on."""
    wanted = select(HandOver).where(HandOver.phone_hash == key_hash(key), HandOver.state == State.CARRIED)
    return session.scalar(wanted.where(HandOver.offered_at > now - PHONE_LIVES))


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


def products_seen(session: Session, row: HandOver) -> list[str]:
    """Return the products of the visit, the newest first, each once."""
    wanted = select(Event.product_id).where(Event.visit_id == row.visit_id, Event.store_id == row.store_id)
    looked = wanted.where(Event.kind.in_([EventKind.PRODUCT_TAPPED, EventKind.SUGGESTION_OPENED]))
    newest = session.scalars(looked.order_by(Event.corrected_at.desc(), Event.epoch, Event.seq.desc()))
    return list(dict.fromkeys(product for product in newest if product))
