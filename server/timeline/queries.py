"""The timeline read: visits in order, what is popular."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.timeline.left_out.counting import counts
from server.timeline.models import Event, EventKind

LOOKED_AT = (EventKind.PRODUCT_TAPPED, EventKind.SUGGESTION_OPENED)
"""Events in which a shopper looked at a product."""


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit in a list: when it began and ended, where, and how many events it has."""

    visit_id: UUID | None
    store_id: str | None
    device_id: str | None
    began: datetime
    ended: datetime
    events: int


def visit_events(session: Session, store_ids: Collection[str], visit_id: UUID) -> list[Event]:
    """Return a visit's events in order, none where it was in another store."""
    wanted = select(Event).where(Event.visit_id == visit_id, Event.store_id.in_(list(store_ids)))
    return list(session.scalars(wanted.order_by(Event.corrected_at, Event.epoch, Event.seq)))


def recent_visits(
    session: Session, store_ids: Collection[str], limit: int = 50, *, before: datetime | None = None
) -> list[VisitLine]:
    """Return the visits whose last event is newest, newest first."""
    first, last, kiosk = func.min(Event.corrected_at), func.max(Event.corrected_at), func.max(Event.device_id)
    wanted = (
        select(Event.visit_id, Event.store_id, kiosk, first, last, func.count())
        .where(Event.store_id.in_(list(store_ids)), Event.visit_id.is_not(None))
        .group_by(Event.visit_id, Event.store_id)  # what its phone did has no device
        .order_by(last.desc())
        .limit(limit)
    )
    if before is not None:
        wanted = wanted.where(Event.corrected_at < before)
    return [VisitLine(*row) for row in session.execute(wanted)]


def popular_products(session: Session, store_id: str, *, since: datetime, limit: int = 200) -> list[str]:
    """Return the products looked at most in the store since then, the most first, by events that count."""
    wanted = (
        select(Event.product_id)
        .where(Event.store_id == store_id, Event.corrected_at >= since, Event.product_id.is_not(None), counts())
        .group_by(Event.product_id)
        .order_by(func.count().desc(), Event.product_id)
        .limit(limit)
    )
    return [str(product) for product in session.scalars(wanted)]
