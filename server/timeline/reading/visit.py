"""What a visit did in its store, as the timeline tells: signs and products tapped, the list it keeps."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from server.timeline.models import Event, EventKind
from server.timeline.queries import LOOKED_AT
from server.timeline.reading.wish_list import KINDS, wish_list


def signs_tapped(session: Session, store_id: str, visit_id: UUID) -> frozenset[str]:
    """Return the signs a visit has tapped in the store."""
    tapped = select(Event.sign_id).where(*_told(store_id, visit_id, [EventKind.SIGN_TAPPED]))
    return frozenset(sign for sign in session.scalars(tapped) if sign)


def products_seen(session: Session, store_id: str, visit_id: UUID) -> list[str]:
    """Return the products of the visit, the newest first, each once."""
    looked = select(Event.product_id).where(*_told(store_id, visit_id, LOOKED_AT))
    newest = session.scalars(looked.order_by(Event.corrected_at.desc(), Event.epoch, Event.seq.desc()))
    return list(dict.fromkeys(product for product in newest if product))


def products_kept(session: Session, store_id: str, visit_id: UUID, *, begun: Iterable[str]) -> list[str]:
    """Return the products on the visit's list, which began with some, the one put on it last first."""
    changes = select(Event).where(*_told(store_id, visit_id, KINDS)).order_by(Event.corrected_at, Event.id)
    return list(dict.fromkeys(one.product_id for one in wish_list(session.scalars(changes), begun)))


def _told(store_id: str, visit_id: UUID, kinds: Collection[str]) -> list[ColumnElement[bool]]:
    return [Event.visit_id == visit_id, Event.store_id == store_id, Event.kind.in_(sorted(kinds))]
