"""What goods cost in each store that asks, looked up behind the scenes and a little ahead: no tap waits."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from recommender.arrangement import NO_WISHES, Wishes
from recommender.shop_model import ShopModel
from server.db import CHAIN
from server.errors import NotFound
from server.promotions.queries import revisions
from server.recommendations.by_price import price_wishes
from server.recommendations.price_reading import read_prices
from server.recommendations.shop_prices import ShopPrices

AHEAD = timedelta(hours=1)
MOST_PAGES = 4
"""Changes of prices known ahead, at most."""

REMEMBERED = 8
"""Prices of a store, as they were and will be, whose wishes are kept: lists are remembered for them."""

MOST_STORES = 256
"""Stores of one process whose prices are in the ranking: those that asked first."""

MOST_AT_ONCE = 1_500
"""Products after which other stores wait for the next look."""

REST = timedelta(milliseconds=10)
"""For each product, the time a store's prices rest once they were read, as what changed is read with all
others: at some 0.4 ms a product, a feed that changes prices every second takes a few hundredths of a core.
Until then lists are in the order of the prices before; what is said of them is always of now."""


@dataclass(frozen=True, slots=True)
class _Page:
    shop: ShopPrices
    wishes: Wishes


@dataclass(frozen=True, slots=True)
class _Held:
    model: ShopModel
    revision: int
    read_at: datetime
    pages: tuple[_Page, ...]


class PriceBook:
    """The wishes each store's prices and promotions make at a moment, to the second."""

    def __init__(self, pause: Callable[[], object] | None = None) -> None:
        self._pause = pause or partial(threading.Event().wait, 0.001)
        self._held: dict[str, _Held | None] = {}
        self._made: dict[str, deque[tuple[ShopModel, ShopPrices, Wishes]]] = {}

    def made(self, store_id: str, model: ShopModel, shop: ShopPrices) -> Wishes:
        """Return what prices wish of a model, the same where they were the same before."""
        shop, made = shop.of(model.number), self._made.setdefault(store_id, deque(maxlen=REMEMBERED))
        for of, before, wishes in list(made):
            if of is model and before.says_the_same(shop):
                return wishes
        wishes = price_wishes(model, shop)
        made.append((model, shop, wishes))
        return wishes

    def of(self, store_id: str, model: ShopModel, now: datetime) -> Wishes:
        """Return a store's wishes for this model; none until it was looked for, which asking makes happen."""
        held = self._held.get(store_id)
        if held is None:
            if len(self._held) < MOST_STORES:
                self._held.setdefault(store_id, None)
        elif held.model is model:
            for page in held.pages:
                if page.shop.since <= now < page.shop.until:
                    return page.wishes
        return NO_WISHES

    def renew(self, session: Session, model: ShopModel | None, now: datetime) -> None:
        """Look anew for the prices of the stores that asked, where they changed or will soon."""
        left = MOST_AT_ONCE
        for store_id in list(self._held) if model is not None else ():
            if left > 0 and model is not None:
                left -= self._renew(session, store_id, model, now=now)

    def _renew(self, session: Session, store_id: str, model: ShopModel, *, now: datetime) -> int:
        """Bring one store's prices up to date; return how many products were read for it."""
        numbers, held = revisions(session, store_id), self._held[store_id]
        revision = numbers.get(CHAIN, 0) + numbers.get(store_id, 0)
        pages: list[_Page] = []
        if held is not None and held.model is model:
            if held.revision != revision and now - held.read_at < REST * len(model.ids):
                return 0
            if held.revision == revision:
                pages = [page for page in held.pages if now < page.shop.until]
                if len(pages) == MOST_PAGES or (pages and pages[-1].shop.until - now > AHEAD):
                    return 0
        at = pages[-1].shop.until if pages else now
        try:
            shop = read_prices(session, store_id, model.ids, at=at, pause=self._pause)
        except NotFound:
            return 0
        pages.append(_Page(shop, self.made(store_id, model, shop)))
        self._held[store_id] = _Held(model, revision, now, tuple(pages))
        return len(model.ids)
