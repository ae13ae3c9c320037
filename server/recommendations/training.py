"""Learn from the visits on the timeline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from recommender.blend import Blend
from recommender.evaluation import evaluate
from recommender.sessions import Sessions
from recommender.shop_model import ShopModel
from server.access.models import Store
from server.recommendations import queries
from server.recommendations.models import TrainedModel
from server.timeline.queries import sessions_for_training

REACH = timedelta(days=180)
"""How far back training looks."""

HELD_BACK = timedelta(days=2)
"""The newest visits, on which a model that has not seen them is measured."""

Tap = tuple[str, str, float]


def train(session: Session, now: datetime) -> TrainedModel:
    """Fit a model on all visits of the last half year and store it as the serving one.

    Its `report` holds how many taps and visits it saw, and hit rate and MRR at 20 of the same method
    fitted without the newest two days and asked about them ("novel" protocol).
    """
    products = queries.product_words(session)
    ids = [product.product_id for product in products]
    taps = _taps(session, now)
    families = {family: n for n, family in enumerate(dict.fromkeys(p.family for p in products))}
    model = ShopModel.learn(
        Sessions.from_taps(taps, ids),
        texts=[product.words for product in products],
        groups=[families[product.family] for product in products],
        stores={store: Sessions.from_taps(own, ids) for store, own in _by_store(session, now).items()},
    )
    report = {"taps": len(taps), "products": len(ids), **_measured(taps, ids, now)}
    return queries.keep(session, file=model.save(), report=report, now=now)


def _taps(session: Session, now: datetime, store_id: str | None = None) -> list[Tap]:
    rows = sessions_for_training(session, since=now - REACH, until=now, store_id=store_id)
    return [(str(visit), product, seconds) for visit, product, seconds in rows]


def _by_store(session: Session, now: datetime) -> dict[str, list[Tap]]:
    return {store: _taps(session, now, store) for store in session.scalars(select(Store.id))}


def _measured(taps: Iterable[Tap], ids: list[str], now: datetime) -> dict[str, object]:
    border = (now - HELD_BACK).timestamp()
    taps = list(taps)
    late_visits = {visit for visit, _, seconds in taps if seconds >= border}
    past = Sessions.from_taps([tap for tap in taps if tap[0] not in late_visits], ids)
    late = Sessions.from_taps([tap for tap in taps if tap[0] in late_visits], ids)
    return {"visits": len(past) + len(late), "held_back": asdict(evaluate(Blend().fit(past), late))}
