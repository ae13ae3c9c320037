"""All that a store wishes of a model's lists in one: its boosts, what it hides, its prices and promotions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache, reduce

import numpy as np
from sqlalchemy.orm import Session

from recommender.arrangement import NO_WISHES
from recommender.arrangement import Wishes as ModelWishes
from recommender.shop_model import ShopModel
from server.recommendations.bringing_out import BroughtOut
from server.recommendations.price_book import PriceBook
from server.recommendations.rules import Wishes

STORES = 1_024
"""Stores whose boosts, hidden products and prices are kept in one."""

SHELVES = 32
"""Prices that shelves are made with at a time: the lists of all products of one ask for the same."""


class Wished:
    """What stores wish, made once for as long as it stands: a model remembers its lists for it."""

    def __init__(self, visibility: float) -> None:
        self._brought_out, self._prices = BroughtOut(visibility), PriceBook()
        self._made = lru_cache(maxsize=SHELVES)(self._prices.made)
        self._together = lru_cache(maxsize=STORES)(_together)

    def of(self, store_id: str, model: ShopModel, wishes: Wishes, *, now: datetime) -> ModelWishes:
        """Return a store's wishes of this model at a moment; prices as `wishes` has them, or as they are known."""
        hidden = self._brought_out.of(store_id, model)
        if wishes.shop is None:
            priced = self._prices.of(store_id, model, now)
        else:
            priced = self._made(store_id, model, wishes.shop)
        if wishes.boosts or (hidden is not NO_WISHES and priced is not NO_WISHES):
            return self._together(model, wishes, hidden=hidden, priced=priced)
        return priced if hidden is NO_WISHES else hidden

    def renew(self, session: Session, model: ShopModel | None, now: datetime) -> None:
        """Look anew, for the stores that asked, at what they hide and what their goods cost."""
        self._brought_out.renew(session, model, now)
        self._prices.renew(session, model, now)

    def forget(self) -> None:
        """Let go of what was made for a model before."""
        self._made.cache_clear()
        self._together.cache_clear()


def _together(model: ShopModel, wishes: Wishes, *, hidden: ModelWishes, priced: ModelWishes) -> ModelWishes:
    """Return all in one; of two boosts of a product the stronger holds."""
    own = model.wishes(boost=wishes.boosts or {}).boost
    boosts = [boost for boost in (own, priced.boost) if boost is not None]
    boost = reduce(np.maximum, boosts) if boosts else None
    return replace(hidden, boost=boost, log_prices=priced.log_prices, price_weight=priced.price_weight)
