"""What was looked at after an item: directional co-occurrence that fades with distance and age."""

from __future__ import annotations

from typing import Self

import numpy as np
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator

from recommender.sessions import Floats, Ints, Sessions
from recommender.strongest import fading_sum, keep_strongest


class ItemToItem(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Sum over the session's items of how often, and how soon, the other item followed in past sessions.

    A follower at distance d weighs `1 / d`; what came before weighs `backward / d`; a session
    `half_life` seconds older counts half; a follower's weight is divided by its total weight to the power
    `popularity_discount`, so that what everybody looks at does not stand everywhere. At prediction the
    item seen k steps ago weighs `decay ** k`. (Item-based filtering: Sarwar et al., WWW 2001; with
    order and distance as in sequential rules: Ludewig & Jannach, UMUAI 2018.)

    Learned: `followers_`, a sparse (n_items, n_items) array, row = item seen, at most `keep` a row.
    """

    def __init__(
        self,
        reach: int = 10,
        backward: float = 0.5,
        half_life: float = 30 * 86_400.0,
        popularity_discount: float = 0.4,
        keep: int = 200,
        decay: float = 0.6,
    ) -> None:
        self.reach = reach
        self.backward = backward
        self.half_life = half_life
        self.popularity_discount = popularity_discount
        self.keep = keep
        self.decay = decay

    def fit(self, sessions: Sessions) -> Self:
        """Count followers over all sessions, one vectorised pass for each distance up to `reach`."""
        n = sessions.n_items
        session_of = np.repeat(np.arange(len(sessions)), np.diff(sessions.starts))
        newest = sessions.ended.max() if len(sessions) else 0.0
        weight = np.exp2(-(newest - sessions.ended) / self.half_life)[session_of]
        total = csr_array((n, n), dtype=np.float64)
        for distance in range(1, self.reach + 1):
            same = session_of[distance:] == session_of[:-distance]
            before, after = sessions.items[:-distance][same], sessions.items[distance:][same]
            strength = weight[distance:][same] / distance
            total = total + csr_array((strength, (before, after)), shape=(n, n))
            total = total + csr_array((strength * self.backward, (after, before)), shape=(n, n))
        total.setdiag(0)
        self.followers_ = self._discounted(total.tocsr())
        return self

    def _discounted(self, total: csr_array) -> csr_array:
        common = np.asarray(total.sum(axis=0)).ravel()
        total.data /= np.maximum(common[total.indices], 1e-9) ** self.popularity_discount
        total.eliminate_zeros()
        return keep_strongest(total, self.keep)

    def scores(self, seen: Ints) -> Floats:
        """Add up the followers of what was seen, the latest counting most."""
        return fading_sum(self.followers_, seen, decay=self.decay, reach=self.reach)
