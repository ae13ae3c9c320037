"""A new model judged beside the serving one, on visits neither has seen: what is asked is what is served. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.evaluation import mean_and_error
from recommender.sessions import Floats
from recommender.shop_model import ShopModel
from server.recommendations.questions import Question

TILES = 4
FEWEST_POSITIONS = 30
"""Below this many questions a difference says nothing."""

CLEARLY = 2.0
"""A difference counts from so many of its standard errors on."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the new model may serve, why in words, and the figures: hits and MRR among four tiles."""

    promoted: bool
    why: str
    figures: dict[str, Any]


def judged(
    candidate: ShopModel,
    serving: ShopModel | None,
    asked: Sequence[Question],
    *,
    stock: Mapping[str, frozenset[str]],
) -> Verdict:
    """Return the verdict on a candidate; both models list from the same `stock` of the question's store."""
    ours = _places(candidate, asked, stock)
    figures: dict[str, Any] = {"n": len(asked), "new": _told(ours)}
    if serving is None:
        return Verdict(promoted=True, why="there is no model to be judged by", figures=figures)
    theirs = _places(serving, asked, stock)
    figures["serving"] = _told(theirs)
    if len(asked) < FEWEST_POSITIONS:
        return Verdict(
            promoted=True,
            why=f"{len(asked)} steps of visits neither model has seen are too few to judge by",
            figures=figures,
        )
    for name, measure in (("hit rate", _hits), ("MRR", _ranks)):
        difference, error = mean_and_error(measure(ours) - measure(theirs))
        figures[f"{name} difference"], figures[f"{name} error"] = difference, error
        if difference < -CLEARLY * error:
            why = (
                f"over {len(asked)} steps of visits neither has seen its {name} among {TILES} tiles is "
                f"{measure(ours).mean():.4f}, that of the serving model {measure(theirs).mean():.4f} "
                f"(difference {difference:.4f} ± {error:.4f})"
            )
            return Verdict(promoted=False, why=why, figures=figures)
    return Verdict(promoted=True, why=f"over {len(asked)} steps it is not worse", figures=figures)


def _places(model: ShopModel, asked: Sequence[Question], stock: Mapping[str, frozenset[str]]) -> Floats:
    """Return where what came next stood, from 1; 0 where it did not."""
    places = np.zeros(len(asked))
    for row, one in enumerate(asked):
        listed = model.rank(one.seen, store=one.store, allowed=stock[one.store], count=TILES)
        ids = [item.item for item in listed]
        places[row] = ids.index(one.after) + 1 if one.after in ids else 0
    return places


def _hits(places: Floats) -> Floats:
    return (places > 0).astype(np.float64)


def _ranks(places: Floats) -> Floats:
    return _hits(places) / np.maximum(places, 1)


def _told(places: Floats) -> dict[str, float]:
    return {"hit_rate": mean_and_error(_hits(places))[0], "mrr": mean_and_error(_ranks(places))[0]}
