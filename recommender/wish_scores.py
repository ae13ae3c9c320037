"""What boosts and prices make of a judged list, compiled: it is done for most lists of a shop."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recommender.compiled import compiled
from recommender.sessions import Floats, Ints

NONE: Floats = np.zeros(0)
"""Stands for boosts or prices a shop does not have."""


class Shelf(NamedTuple):
    """A shop's `boost` of each item, and logarithms of prices that count `weight`; `NONE` where it has none.

    `seen` are the items whose prices a shopper looked at.
    """

    boost: Floats
    log_prices: Floats
    weight: float
    seen: Ints


@compiled
def boosted(items: Ints, scores: Floats, shelf: Shelf) -> tuple[Ints, Floats]:
    """Return the items with boosts added and distant prices taken off, best first; equals keep their order."""
    scores = scores.copy()
    if len(shelf.boost):
        for row, item in enumerate(items):
            scores[row] += shelf.boost[item]
    if len(shelf.log_prices) and len(shelf.seen):
        usual = shelf.log_prices[shelf.seen].mean()
        for row, item in enumerate(items):
            scores[row] -= shelf.weight * abs(shelf.log_prices[item] - usual)
    order = np.argsort(-scores, kind="mergesort")
    return items[order], scores[order]
