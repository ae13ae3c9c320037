"""A store's prices and offers now, and as they will be at the moments at which they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.access.models import Store
from server.promotions import cards
from server.promotions.counter import Counter
from server.promotions.rules.decision import believed_until
from server.recommendations.shop_prices import ShopPrices, shop_prices
from server.taps.prices_then import PricesThen
from server.wire import PriceLine, Tile

AHEAD = timedelta(days=2)
"""How far ahead prices are looked up: no card is believed longer without the server."""

LONGEST = timedelta(days=7)
"""How long they are true where nothing says when they change."""

MOST_LOOKS = 12
"""Moments at which prices may change that are looked at."""


@dataclass(frozen=True, slots=True)
class PricesAhead:
    """The tiles of now, and prices in order of time, each true until the next, the last as far as looked.

    `then` are the prices of tiles whose own will have changed.
    """

    small: Mapping[str, Tile]
    told: Sequence[ShopPrices]
    then: PricesThen


def prices_ahead(session: Session, store: Store, *, now: datetime) -> PricesAhead:
    """Return the prices of now, and each time they are others those of the moments after."""
    counter, small, first = _looked_up(session, store, now)
    told, until = [first], first.until
    then = PricesThen(small, believed_until(now, counter.place.zone))
    for _ in range(MOST_LOOKS):
        if until > now + AHEAD:
            break
        counter, tiles, found = _looked_up(session, store, until)
        then.note(counter, tiles)
        if found.says_the_same(told[-1]):
            told[-1] = replace(told[-1], until=found.until)
        else:
            told.append(found)
        until = found.until
    return PricesAhead(small, told, then)


def _looked_up(session: Session, store: Store, at: datetime) -> tuple[Counter, dict[str, Tile], ShopPrices]:
    counter, offered = Counter.open(session, store, None, now=at), set[str]()
    small = cards.tiles_at(counter, None, offered=offered)
    found = (
        (one.product_id, _price(one.price), one.true_until or at + LONGEST, one.product_id in offered)
        for one in small.values()
    )
    return counter, small, shop_prices(found, at=at, until=at + LONGEST)


def _price(line: PriceLine | None) -> tuple[int, bool] | None:
    return None if line is None else (line.now.minor, bool(line.percent_off))
