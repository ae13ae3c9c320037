"""Learn from the visits on the timeline, and let the new model serve only where it is no worse than the old."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from recommender.files import BadModelFile
from recommender.shop_model import ShopModel
from server.promotions import cards
from server.recommendations import queries
from server.recommendations.judging import Verdict, judged
from server.recommendations.learning import LONGEST_VISIT, learned
from server.recommendations.looks import Look, looks
from server.recommendations.models import TrainedModel
from server.recommendations.queries import ProductWords
from server.recommendations.questions import questions_of
from server.timeline import outbox

JUDGED_ON = timedelta(days=1)
"""The newest visits, on which a model that has not seen them is judged."""


def train(session: Session, now: datetime) -> TrainedModel:
    """Fit a model on the sound visits of the last half year, store it, and let it serve unless it is worse.

    It is judged as it would serve: the same recipe without the visits of the last day (or since the serving
    model was trained, where that is later) is asked about them beside it, store by store, in what is
    in stock. The `report` holds what was learned from, the figures, whether it serves and why.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL statement_timeout = 0"))
    seq = outbox.newest(session)
    products = queries.product_words(session)
    verdict = _judged(session, products, now)
    model, sessions = learned(session, products, until=now)
    report = {
        "taps": len(sessions.items),
        "visits": len(sessions),
        "products": len(products),
        "seq": seq,
        "why": verdict.why,
        "judged": verdict.figures,
    }
    return queries.keep(session, file=model.save(), report=report, now=now, serving=verdict.promoted)


def _judged(session: Session, products: Sequence[ProductWords], now: datetime) -> Verdict:
    row = queries.newest_serving(session)
    serving = _usable(row)
    border = max(now - JUDGED_ON, row.trained_at) if row is not None and serving else now - JUDGED_ON
    late = _shoppers(looks(session, since=border, until=now))
    visits = {look.visit for look in late}
    candidate, _ = learned(session, products, until=border, without=visits)
    begun_before = {look.visit for look in looks(session, since=border - JUDGED_ON, until=border)} & visits
    fresh = [look for look in late if look.visit not in begun_before]
    stores = {look.store for look in fresh}
    stock = {
        store: cards.in_stock(session, store, now) | {look.product for look in fresh if look.store == store}
        for store in stores
    }
    return judged(candidate, serving, questions_of(fresh), stock=stock)


def _usable(row: TrainedModel | None) -> ShopModel | None:
    try:
        return ShopModel.load(row.file) if row is not None else None
    except BadModelFile:
        return None


def _shoppers(found: Iterable[Look]) -> list[Look]:
    """Return the looks without those of visits that are no shopper's."""
    told = list(found)
    counted: dict[str, int] = {}
    for look in told:
        counted[look.visit] = counted.get(look.visit, 0) + 1
    return [look for look in told if counted[look.visit] <= LONGEST_VISIT]
