"""What is looked at most, lately."""

from __future__ import annotations

from copy import copy
from typing import ClassVar, NamedTuple, Self

import numpy as np

from recommender.compiled import compiled
from recommender.evidence import Board, row_of
from recommender.laying import lays
from recommender.past import Past
from recommender.scorer import Scorer
from recommender.sessions import Floats, Ints, Sessions


class Popularity(Scorer):
    """Share of recent sessions that looked at each item; a session half as old weighs twice as much.

    Parameters: `half_life`, seconds after which a session counts half; `window`, seconds before the newest
    session's end after which it counts nothing. A store's own popularity is this model on its own sessions.
    Learned: `scores_`, shape (n_items,), the largest is 1 (all 0 where nothing was looked at); `largest_`,
    what the largest was before, and `newest_`, the end of the newest session.
    """

    columns: ClassVar[tuple[str, ...]] = ("share",)

    def __init__(self, *, half_life: float = 14 * 86_400.0, window: float = float("inf")) -> None:
        self.half_life = half_life
        self.window = window

    def fit(self, sessions: Sessions) -> Self:
        """Count each tap by the age of its session."""
        self.n_items_ = sessions.n_items
        newest = float(sessions.ended.max(initial=0.0))
        return self._scale(self._counted(sessions, newest), newest)

    def join(self, past: Past | None, fresh: Sessions) -> Self:  # noqa: ARG002 - its sums are enough
        """Let what was known fade and count `fresh` sessions; what leaves the window stays until the next fit."""
        newest = max(self.newest_, float(fresh.ended.max(initial=0.0)))
        known = self.scores_ * self.largest_ * np.exp2((self.newest_ - newest) / self.half_life)
        return copy(self)._scale(known + self._counted(fresh, newest), newest)

    def _counted(self, sessions: Sessions, newest: float) -> Floats:
        age = newest - sessions.ended
        weight = np.exp2(-age / self.half_life) * (age <= self.window)
        each = np.repeat(weight, np.diff(sessions.starts))
        return np.bincount(sessions.items, weights=each, minlength=self.n_items_).astype(np.float64)

    def _scale(self, counts: Floats, newest: float) -> Self:
        self.largest_, self.newest_ = float(counts.max(initial=0.0)) or 1.0, newest
        self.scores_ = counts / self.largest_
        return self

    def known(self, first: int = 0) -> Shares:
        """Return each item's share, whatever was seen."""
        return Shares(self.scores_, first)


class Shares(NamedTuple):
    """What each item counts, 0 for those that say nothing."""

    scores: Floats
    first: int


@lays(Shares)
@compiled
def _lay(known: Shares, seen: Ints, board: Board) -> None:  # noqa: ARG001 - whatever was seen
    for item, share in enumerate(known.scores):
        if share != 0:
            board.evidence[known.first, row_of(board, item)] += share
