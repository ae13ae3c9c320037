"""What was looked at around an item: directional co-occurrence that fades with distance and age."""

from __future__ import annotations

from copy import copy
from typing import ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.compiled import compiled
from recommender.evidence import Weights
from recommender.past import Past
from recommender.rows import Near, Rows
from recommender.scorer import Scorer
from recommender.sessions import Floats, Ints, Sessions

FURTHEST = 30
"""Items further apart than this in one session say nothing about each other."""


class Counting(NamedTuple):
    """What is counted with: past sessions, what each is worth, each item, each distance; room for one row."""

    past: Past
    fresh: Floats
    rarity: Floats
    by_distance: Floats
    sums: Floats
    touched: Ints


class ItemToItem(Scorer):
    """Sum over the session's items of how often, how soon and how lately the other item stood near it.

    Each step of distance multiplies a follower's weight by `fade`; what came before weighs `backward` of
    that; a session `half_life` seconds older counts half. The sum is divided by the weight of the row's
    item and by the other's frequency to the power `discount`, so that what everybody looks at does not
    stand everywhere. At prediction the item seen k steps ago weighs `decay ** k`. (Item-based filtering:
    Sarwar et al., WWW 2001; with order and distance: Ludewig & Jannach, UMUAI 2018.)

    Learned: `rows_`, at most `keep` others a row.
    """

    columns: ClassVar[tuple[str, ...]] = ("last", "all")

    def __init__(
        self,
        *,
        fade: float = 0.7,
        backward: float = 0.3,
        half_life: float = 60 * 86_400.0,
        discount: float = 0.3,
        keep: int = 100,
        reach: int = 10,
        decay: float = 0.67,
    ) -> None:
        self.fade = fade
        self.backward = backward
        self.half_life = half_life
        self.discount = discount
        self.keep = keep
        self.reach = reach
        self.decay = decay

    def fit(self, sessions: Sessions) -> Self:
        """Count neighbours in all sessions, item by item."""
        self.n_items_ = sessions.n_items
        self.rows_ = self._counted(Past.of(sessions), np.arange(self.n_items_, dtype=np.int32))
        return self

    def join(self, past: Past, fresh: Sessions) -> Self:
        """Count anew for the items of `fresh`, in all of `past`; the other rows stay as they are."""
        joined = copy(self)
        touched = np.unique(fresh.items)
        joined.rows_ = self.rows_.with_rows(touched, self._counted(past, touched))
        return joined

    def _counted(self, past: Past, which: Ints) -> Rows:
        newest = past.ended.max(initial=-np.inf)
        fresh = np.exp2((past.ended - newest) / self.half_life)
        rarity = np.power(past.taps() + 10.0, -self.discount, dtype=np.float64)
        after = self.fade ** np.arange(FURTHEST)
        by_distance = np.concatenate((after[::-1] * self.backward, [0.0], after))
        sums, touched = np.zeros(past.n_items), np.empty(past.n_items, dtype=np.int32)
        return Rows(*_count(Counting(past, fresh, rarity, by_distance, sums, touched), which, self.keep))

    def known(self, first: int = 0) -> Near:
        """Return the rows: that of the last item, and the fading sum of those of the last `reach`."""
        return Near(self.rows_, self.reach, self.decay, first)


@compiled
def _count(counting: Counting, which: Ints, keep: int) -> tuple[NDArray[np.int64], Ints, Weights]:
    n_rows = len(which)
    first = np.zeros(n_rows + 1, dtype=np.int64)
    others, values = np.empty(n_rows * keep, dtype=np.int32), np.empty(n_rows * keep, dtype=np.float32)
    for row, item in enumerate(which):
        found, weight = _neighbours(counting, item)
        near = np.sort(counting.touched[:found])
        strength = counting.sums[near] * counting.rarity[near] / (weight + 0.5)
        order = np.argsort(-strength, kind="mergesort")[:keep]
        at = first[row]
        first[row + 1] = at + len(order)
        others[at : first[row + 1]] = near[order]
        values[at : first[row + 1]] = strength[order]
        counting.sums[near] = 0
    return first, others[: first[-1]].copy(), values[: first[-1]].copy()


@compiled
def _neighbours(counting: Counting, item: int) -> tuple[int, float]:
    """Add up `item`'s neighbours; returns how many there are and what its own occurrences weigh."""
    past, sums, middle = counting.past, counting.sums, len(counting.by_distance) // 2
    found, weight = 0, 0.0
    for at in range(past.first[item], past.first[item + 1]):
        visit, place = past.session[at], past.place[at]
        weight += counting.fresh[visit]
        start, length = past.starts[visit], past.starts[visit + 1] - past.starts[visit]
        for other_place in range(max(0, place - middle), min(length, place + middle + 1)):
            other = past.items[start + other_place]
            amount = counting.fresh[visit] * counting.by_distance[middle + other_place - place]
            if other == item or amount <= 0:
                continue
            if sums[other] == 0:
                counting.touched[found] = other
                found += 1
            sums[other] += amount
    return found, weight
