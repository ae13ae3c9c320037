"""A model fitted on what the timeline holds, through the plan of queries that builds its index."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from recommender.sessions import Sessions
from recommender.shop_model import ShopModel
from server.access.models import Store
from server.recommendations.building.on_duckdb import index_of
from server.recommendations.looks import looks
from server.recommendations.queries import ProductWords

REACH = timedelta(days=180)
"""How far back training looks."""

LONGEST_VISIT = 100
"""Looks of one visit, beyond which it is no shopper's: somebody tries out tags."""


def learned(
    session: Session,
    products: Sequence[ProductWords],
    *,
    until: datetime,
    without: Collection[str] = (),
) -> tuple[ShopModel, Sessions]:
    """Return a model of all products, and the sound visits before `until` it was fitted on, less some visits."""
    ids = [product.product_id for product in products]
    families = {family: n for n, family in enumerate(dict.fromkeys(p.family for p in products))}

    def sessions_of(store: str | None) -> Sessions:
        found = looks(session, since=until - REACH, until=until, store_id=store)
        index = index_of((look[:3] for look in found if look.visit not in without), ids)
        return index.sessions[np.flatnonzero(np.diff(index.sessions.starts) <= LONGEST_VISIT)]

    sessions = sessions_of(None)
    model = ShopModel.learn(
        sessions,
        texts=[product.words for product in products],
        groups=[families[product.family] for product in products],
        stores={store: sessions_of(store) for store in session.scalars(select(Store.id)).all()},
    )
    return model, sessions
