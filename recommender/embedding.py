"""Items as points, near where the company they keep is alike: relates what never met in one session."""

from __future__ import annotations

from typing import Self

import numpy as np
from scipy.sparse import csr_array, diags_array
from sklearn.base import BaseEstimator
from sklearn.utils.extmath import randomized_svd

from recommender.evidence import Weights
from recommender.item_to_item import ItemToItem
from recommender.sessions import Sessions


class Embedding(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Truncated SVD of symmetrically normalised co-occurrence (Levy & Goldberg, NeurIPS 2014, in spirit).

    Parameters: `size` of a point, `random_state` of the SVD's start.
    Learned: `points_`, (n_items, size), each of length 1, or 0 for an item without company.
    """

    def __init__(self, *, size: int = 64, random_state: int = 0) -> None:
        self.size = size
        self.random_state = random_state

    points_: Weights

    def fit(self, sessions: Sessions) -> Self:
        """Count company with a long memory and decompose it."""
        if not len(sessions.items):
            self.points_ = np.zeros((sessions.n_items, self.size), dtype=np.float32)
            return self
        company = _company(sessions)
        size = min(self.size, sessions.n_items)
        left, strength, _ = randomized_svd(company, size, n_iter=3, random_state=self.random_state)
        points = left * np.sqrt(strength)
        length = np.linalg.norm(points, axis=1, keepdims=True)
        length[length < 1e-9] = np.inf
        self.points_ = np.ascontiguousarray(points / length, dtype=np.float32)
        return self


def _company(sessions: Sessions) -> csr_array:
    n = sessions.n_items
    near = ItemToItem(backward=1.0, half_life=120 * 86_400.0, discount=0.0).fit(sessions).rows_
    counts = np.bincount(sessions.items, minlength=n).astype(np.float64)
    met = diags_array(counts) @ near.sparse()
    met = (met + met.T) / 2
    scale = diags_array((met.sum(axis=1) + 1.0) ** -0.5)
    itself = diags_array(0.3 * (counts > 0))
    return csr_array(scale @ met @ scale + itself)
