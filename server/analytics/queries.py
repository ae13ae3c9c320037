"""Taps counted from the timeline, less what is left out; the same statements on SQLite and PostgreSQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import Session

from server.analytics.rules import HourCount
from server.timeline.left_out.counting import counts
from server.timeline.models import Event, EventKind

Bounds = tuple[datetime, datetime]
TAPS = (EventKind.PRODUCT_TAPPED, EventKind.SUGGESTION_OPENED)


def _within(store_id: str, bounds: Bounds) -> list[ColumnElement[bool]]:
    return [Event.store_id == store_id, Event.corrected_at >= bounds[0], Event.corrected_at < bounds[1], counts()]


def by_product(session: Session, stores: Mapping[str, Bounds]) -> Counter[str]:
    """Return how often each product was looked at, over all stores, each within its own bounds."""
    counted: Counter[str] = Counter()
    for store_id, bounds in stores.items():
        wanted = select(Event.product_id, func.count()).where(*_within(store_id, bounds), Event.kind.in_(TAPS))
        for product, count in session.execute(wanted.group_by(Event.product_id)):
            if product is not None:
                counted[product] += count
    return counted


def by_kind(session: Session, store_id: str, bounds: Bounds) -> Counter[str]:
    """Return how many events of each kind a store had."""
    wanted = select(Event.kind, func.count()).where(*_within(store_id, bounds)).group_by(Event.kind)
    return Counter(dict(session.execute(wanted).all()))


def by_hour(session: Session, store_id: str, bounds: Bounds) -> list[HourCount]:
    """Return a store's taps by hour of UTC, in order."""
    hour = _hour(session)
    wanted = select(hour, func.count()).where(*_within(store_id, bounds), Event.kind.in_(TAPS)).group_by(hour)
    found = [
        HourCount(store_id, datetime.strptime(h, "%Y-%m-%d %H").replace(tzinfo=UTC), n)
        for h, n in session.execute(wanted)
    ]
    return sorted(found, key=lambda one: one.hour)


def _hour(session: Session) -> ColumnElement[str]:
    if session.get_bind().dialect.name == "postgresql":
        return func.to_char(func.timezone("UTC", Event.corrected_at), "YYYY-MM-DD HH24")
    return func.substr(cast(Event.corrected_at, String), 1, 13)
