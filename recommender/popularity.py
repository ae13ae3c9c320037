"""What is looked at most, lately."""

from __future__ import annotations

from typing import Self

import numpy as np
from sklearn.base import BaseEstimator

from recommender.sessions import Floats, Ints, Sessions


class Popularity(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Share of recent sessions that looked at each item; a session half as old weighs twice as much.

    Parameters: `half_life`, seconds after which a session counts half.
    Learned: `scores_`, shape (n_items,), the largest is 1 (all 0 where nothing was looked at).
    """

    def __init__(self, half_life: float = 14 * 86_400.0) -> None:
        self.half_life = half_life

    def fit(self, sessions: Sessions) -> Self:
        """Count each item once a session."""
        counts = np.zeros(sessions.n_items)
        if len(sessions):
            age = sessions.ended.max() - sessions.ended
            weight = np.repeat(np.exp2(-age / self.half_life), np.diff(sessions.starts))
            np.add.at(counts, sessions.items, weight)
        self.scores_ = counts / counts.max() if counts.any() else counts
        return self

    def scores(self, seen: Ints) -> Floats:  # noqa: ARG002 - popularity does not depend on the session
        """Return `scores_`, whatever was seen."""
        return self.scores_
