"""What a store hides by where it stands, worked out behind the scenes and brought out within a stated cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from pydantic_core import to_json
from sqlalchemy import select
from sqlalchemy.orm import Session

from recommender.arrangement import NO_WISHES, Wishes
from recommender.shop_model import ShopModel
from recommender.visibility import hidden_of
from server.catalogue.models import ShelfPlace

BELIEVED = timedelta(minutes=10)
"""How long it is believed where products stand and how often they are tapped there."""


@dataclass(frozen=True, slots=True)
class _Held:
    model: ShopModel
    wishes: Wishes
    until: datetime


class BroughtOut:
    """The wishes that bring out what each store hides; none while `cost`, the share of hits it may take, is 0."""

    def __init__(self, cost: float = 0.0) -> None:
        self._cost = cost
        self._held: dict[str, _Held | None] = {}

    def of(self, store_id: str, model: ShopModel) -> Wishes:
        """Return a store's wishes for this model: none until it was looked for, which asking makes happen."""
        if not self._cost:
            return NO_WISHES
        held = self._held.setdefault(store_id, None)
        return held.wishes if held is not None and held.model is model else NO_WISHES

    def renew(self, session: Session, model: ShopModel | None, now: datetime) -> None:
        """Look anew for what the stores that asked hide, where that is old or was for another model."""
        for store_id, held in list(self._held.items()):
            if model is not None and (held is None or held.model is not model or held.until <= now):
                shares = shares_hidden(session, store_id, model)
                wishes = model.wishes(hidden=shares, visibility_cost=self._cost) if shares else NO_WISHES
                self._held[store_id] = _Held(model, wishes, now + BELIEVED)


def shares_hidden(session: Session, store_id: str, model: ShopModel) -> dict[str, float]:
    """Return the share of its taps that each product loses by its place in the store (see `hidden_of`).

    A place is a shelf of a fixture in a zone; products that stand nowhere are left out. Empty where a store has
    fewer than two places or no taps of its own.
    """
    columns = (ShelfPlace.product_id, ShelfPlace.zone, ShelfPlace.fixture, ShelfPlace.shelf)
    rows = session.execute(select(*columns).where(ShelfPlace.store_id == store_id)).all()
    standing = {product: to_json(place) for product, *place in rows if product in model.number}
    own = model.popular.get(store_id)
    names, places = np.unique(np.array(list(standing.values()), dtype=np.bytes_), return_inverse=True)
    if own is None or len(names) < 2:
        return {}
    taps = own.scores_[[model.number[product] for product in standing]]
    if not taps.any():
        return {}
    return dict(zip(standing, hidden_of(places.astype(np.int32), taps).tolist(), strict=True))
