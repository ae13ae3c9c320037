"""Likeness by what an item is: for items nobody has tapped yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from scipy.sparse import csr_array, vstack
from sklearn.base import BaseEstimator
from sklearn.feature_extraction.text import TfidfVectorizer

from recommender.sessions import Floats, Ints, Sessions
from recommender.strongest import fading_sum, keep_strongest

CHUNK = 512
"""Rows compared with all others at a time; bounds memory, not the result."""


class ContentLikeness(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Cosine likeness of TF-IDF vectors of each item's words (Salton & Buckley, 1988).

    Parameters: `texts`, one string an item in the order of the sessions' ids; `keep`, how many alike
    items each remembers; `decay` and `reach` as in ItemToItem.
    Learned: `neighbours_`, a sparse (n_items, n_items) array of likeness in (0, 1].
    """

    def __init__(self, texts: Sequence[str] = (), keep: int = 50, decay: float = 0.6, reach: int = 10) -> None:
        self.texts = texts
        self.keep = keep
        self.decay = decay
        self.reach = reach

    def fit(self, sessions: Sessions) -> Self:
        """Compare all texts; the sessions only say how many items there are.

        Raises ValueError where `texts` are not one an item.
        """
        if len(self.texts) != sessions.n_items:
            msg = f"{len(self.texts)} texts for {sessions.n_items} items: give one text an item"
            raise ValueError(msg)
        if not any(text.strip() for text in self.texts):
            self.neighbours_ = csr_array((sessions.n_items, sessions.n_items))
            return self
        words = TfidfVectorizer(sublinear_tf=True, analyzer=str.split)
        vectors = csr_array(words.fit_transform([text.lower() for text in self.texts]))
        parts = [self._alike(vectors, a) for a in range(0, vectors.shape[0], CHUNK)]
        self.neighbours_ = csr_array(vstack(parts))
        return self

    def _alike(self, vectors: csr_array, first: int) -> csr_array:
        likeness = (vectors[first : first + CHUNK] @ vectors.T).tolil()
        likeness.setdiag(0, k=first)
        return keep_strongest(csr_array(likeness), self.keep)

    def scores(self, seen: Ints) -> Floats:
        """Return likeness to what was seen, the latest counting most."""
        return fading_sum(self.neighbours_, seen, decay=self.decay, reach=self.reach)
