"""Other stores that have what is missing here, nearest first."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from server.access.models import Store
from server.access.queries import AnyStore
from server.catalogue.models import Stock

EARTH_METRES = 6_371_009
"""Mean radius of the earth (IUGG)."""

ASKED = 20
"""Stores looked into, however many the chain has: a shopper goes to none that is further."""


AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another store and how far it is, in metres as the crow flies."""

    store_id: str
    name: str
    metres: int
    time_zone: str = "UTC"
    hours: dict[str, Any] | None = None
    """As the store's row has them."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another store that has some of what was asked for: which GTINs, and when the oldest of them was counted."""

    store: Neighbour
    gtins: frozenset[str]
    counted_at: datetime


def metres_between(here: tuple[float, float], there: tuple[float, float]) -> int:
    """Return the way along the surface between two points (latitude, longitude in degrees), by the haversine."""
    (south, west), (north, east) = (tuple(map(math.radians, point)) for point in (here, there))
    half = math.sin((north - south) / 2) ** 2
    half += math.cos(south) * math.cos(north) * math.sin((east - west) / 2) ** 2
    return round(2 * EARTH_METRES * math.asin(min(1.0, math.sqrt(half))))


def nearest(here: tuple[float, float], stores: Iterable[tuple[str, str, float, float]]) -> list[Neighbour]:
    """Return stores (id, name, latitude, longitude) by how far they are; equally far ones by id."""
    found = [Neighbour(i, name, metres_between(here, (lat, lon))) for i, name, lat, lon in stores]
    return sorted(found, key=lambda one: (one.metres, one.store_id))


def neighbours(session: Session, store: AnyStore) -> list[Neighbour]:
    """Return the `ASKED` stores nearest to one; none where nobody has said where it stands.

    The database picks them by flat distance, which near a store is as good; the exact one puts them in order.
    """
    if store.latitude is None or store.longitude is None:
        return []
    north = Store.latitude - store.latitude
    apart = func.abs(Store.longitude - store.longitude)
    east = case((apart > 180, 360 - apart), else_=apart) * math.cos(math.radians(store.latitude))
    wanted = select(Store.id, Store.name, Store.latitude, Store.longitude, Store.time_zone, Store.hours)
    wanted = wanted.where(Store.id != store.id, Store.latitude.is_not(None))
    rows = session.execute(wanted.order_by(north * north + east * east, Store.id).limit(ASKED)).all()
    clocks = {row.id: (row.time_zone, row.hours) for row in rows}
    points = ((row.id, row.name, row.latitude or 0.0, row.longitude or 0.0) for row in rows)
    found = nearest((store.latitude, store.longitude), points)
    return [replace(one, time_zone=clocks[one.store_id][0], hours=clocks[one.store_id][1]) for one in found]


def elsewhere(session: Session, store: AnyStore, gtins: Collection[str]) -> list[Elsewhere]:
    """Return the stores near this one that have some of the GTINs, nearest first; a statement a thousand."""
    near = neighbours(session, store) if gtins else []
    if not near:
        return []
    wanted = select(Stock.store_id, Stock.gtin, Stock.counted_at).where(
        Stock.store_id.in_([one.store_id for one in near]), Stock.count > 0
    )
    held: dict[str, dict[str, datetime]] = defaultdict(dict)
    asked = list(gtins)
    for first in range(0, len(asked), AT_ONCE):
        some = Stock.gtin.in_(asked[first : first + AT_ONCE])
        for store_id, gtin, counted_at in session.execute(wanted.where(some)):
            held[store_id][gtin] = counted_at
    return [
        Elsewhere(one, frozenset(held[one.store_id]), min(held[one.store_id].values()))
        for one in near
        if one.store_id in held
    ]
