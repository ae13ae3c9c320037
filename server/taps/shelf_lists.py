"""What goes with each product of a store, for its kiosks to keep: now, and when wishes or prices change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.access.models import Store
from server.promotions import cards
from server.recommendations.rules import Suggester, Suggestion
from server.recommendations.shop_prices import ShopPrices
from server.recommendations.wishes import turns_of, wishes_of
from server.taps.answering import GOES_WITH
from server.taps.louder import said_reduced
from server.taps.prices_ahead import PricesAhead
from server.taps.rules import reason_words
from server.wire import Tile
from server.wire.remembered import ListsFrom

AHEAD = timedelta(days=7)
MOST_TURNS = 6
"""Moments at which the lists of a shelf may change before the kiosk must have fetched another."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Tiles by product, and the version of the model that made each list; 0 for none."""

    goes_with: dict[str, tuple[Tile, ...]]
    models: dict[str, int]

    def without(self, others: Lists) -> Lists:
        """Return what is not the same in `others`."""
        here = {p: tiles for p, tiles in self.goes_with.items() if others.goes_with.get(p) != tiles}
        return Lists(here, {p: self.models[p] for p in here})


@dataclass(frozen=True, slots=True)
class _Shop:
    """The store whose lists are made, with its tiles of now; of those `reduced` it is said while it is true."""

    session: Session
    store: Store
    suggester: Suggester
    small: Mapping[str, Tile]
    in_stock: frozenset[str]
    reduced: frozenset[str]


def lists_of(
    session: Session, store: Store, suggester: Suggester, *, ahead: PricesAhead, says_reduced: bool
) -> tuple[Lists, tuple[ListsFrom, ...]]:
    """Return the lists of this moment, and those that are others at the next turns of wishes and prices.

    That something is reduced is said where the kiosk knows to take it back when its price may be another.
    """
    prices, now = ahead.told, ahead.told[0].since
    in_stock = cards.in_stock(session, store.id, now)
    reduced = prices[0].reduced if says_reduced else frozenset()
    shop = _Shop(session, store, suggester, ahead.small, in_stock, reduced)
    turns = {*turns_of(session, store.id, after=now, until=now + AHEAD), *(one.since for one in prices[1:])}
    first = before = _lists(shop, prices[0], now)
    later: list[ListsFrom] = []
    for turn in sorted(turns)[:MOST_TURNS]:
        lists = _lists(shop, next(one for one in reversed(prices) if one.since <= turn), turn)
        other = lists.without(before)
        if other.goes_with:
            later.append(ListsFrom(starts=turn, goes_with=other.goes_with, models=other.models))
        before = lists
    return first, tuple(later)


def _lists(shop: _Shop, prices: ShopPrices, moment: datetime) -> Lists:
    store_id, small = shop.store.id, shop.small
    wishes = wishes_of(shop.session, store_id, in_stock=shop.in_stock, now=moment)
    allowed, wishes = shop.in_stock - wishes.blocked, replace(wishes, shop=prices)
    lists = Lists({}, {})
    for product in small:
        found = shop.suggester.suggest(
            [product], store_id=store_id, allowed=allowed, count=GOES_WITH, wishes=wishes
        )
        found = said_reduced(found, shop.reduced)
        lists.models[product] = found.model_version
        lists.goes_with[product] = tuple(_tile(small, one) for one in found.items if one.product_id in small)
    return lists


def _tile(small: Mapping[str, Tile], one: Suggestion) -> Tile:
    words = reason_words(one.reason, small[one.evidence].name if one.evidence else None)
    return small[one.product_id].model_copy(update={"reason": words, "reason_kind": str(one.reason)})
