"""What goods cost in each store that asks, looked up behind the scenes and a little ahead: no tap waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
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
from server.recommendations.store_shelves import Made, Page, StoreShelf, StoreShelves

AHEAD = timedelta(hours=1)
MOST_PAGES = 4
"""Changes of prices known ahead, at most."""

MOST_AT_ONCE = 2_000
"""Products after which other stores wait for the next look."""

REST = timedelta(milliseconds=10)
"""For each product, the time a store's prices rest once they were read, as what changed is read with all
others: at some 0.3 ms a product, a feed that changes prices every second takes a few hundredths of a core.
Until then lists are in the order of the prices before; what is said of them is always of now."""


class PriceBook:
    """The wishes that prices and promotions make at a moment, to the second, of each store that asked lately."""

    def __init__(self, pause: Callable[[], object] | None = None, shelves: StoreShelves | None = None) -> None:
        self._pause = pause or partial(threading.Event().wait, 0.001)
        self._shelves = shelves or StoreShelves()

    def made(self, store_id: str, model: ShopModel, shop: ShopPrices) -> Wishes:
        """Return what prices wish of a model, the same where they were the same before."""
        wishes = _made(self._shelves.of(store_id), model, shop)
        self._shelves.make_room()
        return wishes

    def of(self, store_id: str, model: ShopModel, now: datetime) -> Wishes:
        """Return a store's wishes for this model; none until it was looked for, which asking makes happen."""
        shelf = self._shelves.of(store_id)
        if shelf.model is model:
            for page in shelf.pages:
                if page.since <= now < page.until:
                    return page.wishes
        return NO_WISHES

    def renew(self, session: Session, model: ShopModel | None, now: datetime) -> None:
        """Look anew for the prices of the stores that asked, the last first, where they changed or will soon."""
        if model is None:
            return
        left, shelves = MOST_AT_ONCE, self._shelves.lately()
        numbers = revisions(session, *shelves)
        for store_id, shelf in shelves.items():
            if left > 0:
                revision = numbers.get(CHAIN, 0) + numbers.get(store_id, 0)
                left -= self._renew(session, store_id, shelf, model=model, revision=revision, now=now)
        self._shelves.make_room(keep=lambda one: one.model is model)

    def _renew(
        self, session: Session, store_id: str, shelf: StoreShelf, *, model: ShopModel, revision: int, now: datetime
    ) -> int:
        """Bring one store's prices up to date; return how many products were read for it."""
        pages = _still_good(shelf, model, revision, now=now)
        if pages is None:
            return 0
        try:
            at = pages[-1].until if pages else now
            shop = read_prices(session, store_id, model.ids, at=at, pause=self._pause)
        except NotFound:
            return 0
        page = Page(shop.since, shop.until, _made(shelf, model, shop))
        shelf.model, shelf.revision, shelf.read_at, shelf.pages = model, revision, now, (*pages, page)
        return len(model.ids)


def _still_good(shelf: StoreShelf, model: ShopModel, revision: int, *, now: datetime) -> tuple[Page, ...] | None:
    """Return the pages after which the next is to be read; None where nothing is to be read now."""
    if shelf.model is not model or shelf.read_at is None:
        return ()
    if shelf.revision != revision:
        return None if now - shelf.read_at < REST * len(model.ids) else ()
    pages = tuple(page for page in shelf.pages if now < page.until)
    known = len(pages) == MOST_PAGES or (pages and pages[-1].until - now > AHEAD)
    return None if known else pages


def _made(shelf: StoreShelf, model: ShopModel, shop: ShopPrices) -> Wishes:
    shop = shop.of(model.number)
    digest = shop.digest()
    for one in list(shelf.made):
        if one.model is model and one.prices == digest:
            return one.wishes
    wishes = price_wishes(model, shop)
    shelf.made.append(Made(model, digest, wishes))
    return wishes
