"""How good a model is: a session revealed item by item, the next item the truth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.scorer import Ranker
from recommender.sessions import Ints, Sessions


@dataclass(frozen=True, slots=True)
class Result:
    """`hit_rate` and `mrr` at k over `n` positions, with the standard error of each."""

    hit_rate: float
    hit_rate_error: float
    mrr: float
    mrr_error: float
    n: int


def evaluate(model: Ranker, sessions: Sessions, *, k: int = 20, novel: bool = True) -> Result:
    """Reveal each session one item at a time and look for the next item among the best `k`.

    `novel` asks what a kiosk asks: only next items not yet in the session count, and the session's own
    items are left out of the list. (Protocol of Ludewig & Jannach, UMUAI 2018.)
    """
    places = np.array(
        [_place(model.rank(s, count=k, novel=novel), t) for s, t in positions(sessions, novel=novel)]
    )
    reached = (places > 0).astype(np.float64)
    reciprocal = reached / np.maximum(places, 1)
    return Result(*_mean(reached), *_mean(reciprocal), len(places))


def positions(sessions: Sessions, *, novel: bool, least: int = 1) -> Iterable[tuple[Ints, int]]:
    """Give what was seen and what came next, from `least` items seen on."""
    for items in sessions:
        for at in range(least, len(items)):
            if not novel or items[at] not in items[:at]:
                yield items[:at], int(items[at])


def _place(listed: Ints, truth: int) -> int:
    found = np.flatnonzero(listed == truth)
    return int(found[0]) + 1 if len(found) else 0


def _mean(values: NDArray[np.float64]) -> tuple[float, float]:
    if not len(values):
        return 0.0, 0.0
    return float(values.mean()), float(values.std() / np.sqrt(len(values)))
