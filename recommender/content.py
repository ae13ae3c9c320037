"""Likeness by what an item is: for items nobody has tapped yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

import numpy as np
from scipy.sparse import csr_array, vstack
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from recommender.evidence import Board, Look
from recommender.rows import Rows, lay_rows
from recommender.scorer import Scorer
from recommender.sessions import Floats, Ints, Sessions

CHUNK = 512
"""Rows compared with all others at a time; bounds memory, not the result."""


class ContentLikeness(Scorer):
    """Cosine likeness of what items are: TF-IDF of their words, reduced by SVD, and their price.

    (Latent semantic analysis: Deerwester et al., 1990.)

    Parameters: `texts`, one string an item in the order of the sessions' ids (name, category, brand,
    attributes); `prices`, one an item or none; `price_weight`, what a price ten times as high takes off;
    `size` of the reduced vectors; `keep`, how many alike items each remembers; `reach` and `decay` as in
    ItemToItem.
    Learned: `rows_`, likeness in (0, 1].
    """

    columns: ClassVar[tuple[str, ...]] = ("last", "all")
    left_behind: ClassVar[frozenset[str]] = frozenset({"texts", "prices"})

    def __init__(
        self,
        *,
        texts: Sequence[str] = (),
        prices: Sequence[float] = (),
        price_weight: float = 0.2,
        size: int = 100,
        keep: int = 50,
        reach: int = 10,
        decay: float = 0.67,
    ) -> None:
        self.texts = texts
        self.prices = prices
        self.price_weight = price_weight
        self.size = size
        self.keep = keep
        self.reach = reach
        self.decay = decay

    def fit(self, sessions: Sessions) -> Self:
        """Compare all texts; the sessions only say how many items there are.

        Raises ValueError where `texts`, or given `prices`, are not one an item.
        """
        self.n_items_ = sessions.n_items
        for name, given in (("text", self.texts), ("price", self.prices)):
            if len(given) != self.n_items_ and (name == "text" or len(given)):
                msg = f"{len(given)} {name}s for {self.n_items_} items: give one {name} an item"
                raise ValueError(msg)
        self.rows_ = Rows.strongest(self._alike(), self.keep)
        return self

    def lay(self, seen: Ints, board: Board) -> None:
        """Lay likeness to the last item, and the fading sum of likeness to the last `reach` items."""
        lay_rows(self.rows_, Look(seen, self.reach, self.decay), board)

    def _alike(self) -> csr_array:
        if not any(text.strip() for text in self.texts):
            return csr_array((self.n_items_, self.n_items_))
        vectors = self._vectors()
        price = np.log10(np.maximum(self.prices, 1e-9)) if len(self.prices) else np.zeros(self.n_items_)
        parts = [self._likest(vectors, price, first) for first in range(0, self.n_items_, CHUNK)]
        return csr_array(vstack(parts))

    def _vectors(self) -> Floats:
        words = TfidfVectorizer(sublinear_tf=True, analyzer=str.split)
        counts = csr_array(words.fit_transform([text.lower() for text in self.texts]))
        if min(counts.shape) > self.size:
            counts = TruncatedSVD(self.size, random_state=0).fit_transform(counts)
        vectors: Floats = normalize(counts if isinstance(counts, np.ndarray) else counts.toarray())
        return vectors

    def _likest(self, vectors: Floats, price: Floats, first: int) -> csr_array:
        likeness = vectors[first : first + CHUNK] @ vectors.T
        likeness -= self.price_weight * np.abs(price[first : first + CHUNK, None] - price)
        likeness[np.arange(len(likeness)), first + np.arange(len(likeness))] = 0
        few = min(self.keep, likeness.shape[1])
        least = np.partition(likeness, -few, axis=1)[:, [-few]]
        likeness[(likeness < least) | (likeness < 0.01)] = 0
        return csr_array(likeness)
