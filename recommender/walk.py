"""Company at first and second hand: what stands around an item, and around what stands there."""

from __future__ import annotations

from copy import copy
from typing import ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.compiled import compiled
from recommender.evidence import Board, Look, Weights, latest_of
from recommender.item_to_item import ItemToItem
from recommender.laying import lays
from recommender.past import Past
from recommender.rows import Near, Rows, lay_rows
from recommender.selection import Short, strongest
from recommender.sessions import Ints, Sessions

WIDE = 40
"""Strongest neighbours that either step of a walk may take."""


class Walk(ItemToItem):
    """As ItemToItem; where an item's row has room left, two columns more tell what two steps lead to.

    A step goes to each of an item's strongest neighbours with the share of the row it has; a row and what lies
    beyond it have at most `keep` items together. In a small shop most of what goes together has never yet been
    tapped in one visit. (Random walks: Cooper et al., WWW 2014.)

    Learned: `rows_`, `beyond_`.
    """

    columns: ClassVar[tuple[str, ...]] = ("last", "all", "beyond_last", "beyond_all")

    def fit(self, sessions: Sessions) -> Self:
        """Count neighbours, then walk two steps from every item."""
        super().fit(sessions)
        self.beyond_ = Rows(*_beyond(self.rows_, np.arange(self.n_items_, dtype=np.int32), self.keep))
        return self

    def join(self, past: Past, fresh: Sessions) -> Self:
        """Count anew and walk again from the items of `fresh`; all others keep what lay beyond them."""
        joined = copy(super().join(past, fresh))
        touched = np.unique(fresh.items)
        walked = Rows(*_beyond(joined.rows_, touched, self.keep))
        joined.beyond_ = self.beyond_.with_rows(touched, walked)
        return joined

    def known(self, first: int = 0) -> Walks:  # type: ignore[override]
        """Return the rows of ItemToItem, and what lies beyond them."""
        return Walks(*super().known(first), self.beyond_)


class Walks(NamedTuple):
    """`Near`, and rows that speak alike in the two columns after."""

    rows: Rows
    reach: int
    decay: float
    first: int
    beyond: Rows


@lays(Walks)
@compiled
def _lay(known: Walks, seen: Ints, board: Board) -> None:
    latest = latest_of(Look(seen, known.reach, known.decay))
    lay_rows(Near(known.rows, known.reach, known.decay, known.first), latest, board)
    lay_rows(Near(known.beyond, known.reach, known.decay, known.first + 2), latest, board)


class Ground(NamedTuple):
    """Rows to walk on, one over the sum of each, and room to add up where a walk leads, all 0."""

    rows: Rows
    shares: Weights
    sums: Weights


@compiled
def _beyond(rows: Rows, which: Ints, keep: int) -> tuple[NDArray[np.int64], Ints, Weights]:
    ground = Ground(rows, _shares(rows), np.zeros(len(rows.first) - 1, np.float32))
    first = np.zeros(len(which) + 1, np.int64)
    others, values = np.empty(len(which) * keep, np.int32), np.empty(len(which) * keep, np.float32)
    for row, item in enumerate(which):
        room = keep - (rows.first[item + 1] - rows.first[item])
        far = _reached(ground, item) if room > 0 else which[:0]
        best = strongest(Short(far, ground.sums[far]), room)
        at = first[row]
        first[row + 1] = at + len(best.items)
        others[at : first[row + 1]], values[at : first[row + 1]] = best.items, best.total
        ground.sums[far] = 0
    return first, others[: first[-1]].copy(), values[: first[-1]].copy()


@compiled
def _shares(rows: Rows) -> Weights:
    """Return one over the sum of each row, 0 of an empty one."""
    shares = np.zeros(len(rows.first) - 1, np.float32)
    for item in range(len(shares)):
        start, end = rows.first[item], rows.first[item + 1]
        if end > start:
            shares[item] = 1 / rows.values[start:end].sum()
    return shares


@compiled
def _reached(ground: Ground, item: int) -> Ints:
    """Add up with what chance two steps from `item` lead where one does not, and return where, in order."""
    rows, shares, sums = ground.rows, ground.shares, ground.sums
    start, end = rows.first[item], rows.first[item + 1]
    reached, found = np.empty(WIDE * WIDE, np.int32), 0
    sums[item] = sums[rows.others[start:end]] = -1
    for at in range(start, min(start + WIDE, end)):
        middle = rows.others[at]
        chance = rows.values[at] * shares[item] * shares[middle]
        for further in range(rows.first[middle], min(rows.first[middle] + WIDE, rows.first[middle + 1])):
            other = rows.others[further]
            if sums[other] == 0:
                reached[found] = other
                found += 1
            if sums[other] >= 0:
                sums[other] += chance * rows.values[further]
    sums[item] = sums[rows.others[start:end]] = 0
    return np.sort(reached[:found])
