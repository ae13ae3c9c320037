"""What is looked at most, lately."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np

from recommender.evidence import Board
from recommender.scorer import Scorer
from recommender.sessions import Ints, Sessions


class Popularity(Scorer):
    """Share of recent sessions that looked at each item; a session half as old weighs twice as much.

    Parameters: `half_life`, seconds after which a session counts half; `window`, seconds before the newest
    session's end after which it counts nothing. A store's own popularity is this model on its own sessions.
    Learned: `scores_`, shape (n_items,), the largest is 1 (all 0 where nothing was looked at).
    """

    columns: ClassVar[tuple[str, ...]] = ("share",)

    def __init__(self, *, half_life: float = 14 * 86_400.0, window: float = float("inf")) -> None:
        self.half_life = half_life
        self.window = window

    def fit(self, sessions: Sessions) -> Self:
        """Count each tap by the age of its session."""
        self.n_items_ = sessions.n_items
        age = sessions.ended.max(initial=0.0) - sessions.ended
        weight = np.exp2(-age / self.half_life) * (age <= self.window)
        counts = np.bincount(
            sessions.items, weights=np.repeat(weight, np.diff(sessions.starts)), minlength=self.n_items_
        )
        self.scores_ = counts / counts.max() if counts.any() else counts
        return self

    def lay(self, seen: Ints, board: Board) -> None:  # noqa: ARG002 - whatever was seen
        """Lay each item's share, whatever was seen."""
        items = np.flatnonzero(self.scores_)
        fresh = items[~board.known[items]]
        board.listed[board.size[0] : board.size[0] + len(fresh)] = fresh
        board.size[0] += len(fresh)
        board.known[fresh] = True
        board.evidence[items, board.first] += self.scores_[items]
