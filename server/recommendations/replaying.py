"""What a model would have got from the lists that were shown, had it made them: unbiased by their chances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from recommender.online import replayed
from recommender.shop_model import ShopModel
from server.errors import NotFound
from server.promotions import cards
from server.recommendations.models import TrainedModel
from server.recommendations.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Estimate:
    """Tiles opened or tapped a list, its standard error, and on how many lists it rests."""

    mean: float
    error: float
    lists: int


def told(
    session: Session, version: int, found: Iterable[tuple[str, Sequence[Outcome]]], *, now: datetime
) -> dict[str, Estimate]:
    """Return what the lists of each model and of the visits held out got, and what model `version` would have got.

    Raises `NotFound` where that model is not kept any more.
    """
    row = session.get(TrainedModel, version)
    if row is None:
        msg = f"There is no model {version} any more: only the last few are kept."
        raise NotFound(msg)
    model = ShopModel.load(row.file)
    every: list[Outcome] = []
    agreed: list[bool] = []
    for store_id, outcomes in found:
        agreed += agreements(model, outcomes, store=store_id, stock=cards.in_stock(session, store_id, now))
        every += outcomes
    makers = sorted({one.shown.shown_by for one in every})
    made = {maker: _got([one for one in every if one.shown.shown_by == maker]) for maker in makers}
    return made | {f"replay of {version}": estimated(every, agreed)}


def agreements(
    model: ShopModel, outcomes: Iterable[Outcome], *, store: str, stock: frozenset[str]
) -> Iterator[bool]:
    """Yield for each list whether the model would have shown the same.

    It lists from what is in stock now and what was shown then.
    """
    for one in outcomes:
        shown = [tile.product_id for tile in one.shown.tiles]
        listed = model.rank(one.seen, store=store, allowed=stock.union(shown), count=len(shown))
        yield [item.item for item in listed] == shown


def estimated(outcomes: Sequence[Outcome], agreed: Sequence[bool]) -> Estimate:
    """Return the estimate from the lists agreed with, each weighed by its chance (see `recommender.online`).

    Where a model and popularity list the same, the chance is understated.
    """
    taps = [float(len(one.opened | one.tapped)) for one in outcomes]
    mean, error = replayed(taps, [one.shown.propensity for one in outcomes], agreed)
    return Estimate(mean, error, sum(agreed))


def _got(outcomes: Sequence[Outcome]) -> Estimate:
    taps = [float(len(one.opened | one.tapped)) for one in outcomes]
    mean, error = replayed(taps, [1.0] * len(taps), [True] * len(taps))
    return Estimate(mean, error, len(taps))
