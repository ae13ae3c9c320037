"""Likeness by what an item is: for items nobody has tapped yet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar, NamedTuple, Self

import numpy as np
from scipy.sparse import csr_array, vstack
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from recommender.rows import Near, Rows
from recommender.scorer import Scorer
from recommender.sessions import Floats, Sessions

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
        about = About(tuple(self.texts), tuple(self.prices), self.price_weight, self.size, self.keep)
        self.rows_ = likest(about)
        return self

    def known(self, first: int = 0) -> Near:
        """Return likeness to the last item, and the fading sum of likeness to the last `reach`."""
        return Near(self.rows_, self.reach, self.decay, first)


class About(NamedTuple):
    """What likeness is made of: see `ContentLikeness`."""

    texts: tuple[str, ...]
    prices: tuple[float, ...]
    price_weight: float
    size: int
    keep: int


@lru_cache(maxsize=1)
def likest(about: About) -> Rows:
    """Return for each item those most like it; made once for all models and fits that ask about one catalogue."""
    n_items = len(about.texts)
    if not any(text.strip() for text in about.texts):
        return Rows.strongest(csr_array((n_items, n_items)), about.keep)
    vectors = _vectors(about)
    price = np.log10(np.maximum(about.prices, 1e-9)) if about.prices else np.zeros(n_items)
    parts = [_near(vectors, price, first, about=about) for first in range(0, n_items, CHUNK)]
    return Rows.strongest(csr_array(vstack(parts)), about.keep)


def _vectors(about: About) -> Floats:
    words = TfidfVectorizer(sublinear_tf=True, analyzer=str.split)
    counts = csr_array(words.fit_transform([text.lower() for text in about.texts]))
    if min(counts.shape) > about.size:
        counts = TruncatedSVD(about.size, random_state=0).fit_transform(counts)
    vectors: Floats = normalize(counts if isinstance(counts, np.ndarray) else counts.toarray())
    return vectors


def _near(vectors: Floats, price: Floats, first: int, *, about: About) -> csr_array:
    likeness = vectors[first : first + CHUNK] @ vectors.T
    likeness -= about.price_weight * np.abs(price[first : first + CHUNK, None] - price)
    likeness[np.arange(len(likeness)), first + np.arange(len(likeness))] = 0
    few = min(about.keep, likeness.shape[1])
    least = np.partition(likeness, -few, axis=1)[:, [-few]]
    likeness[(likeness < least) | (likeness < 0.01)] = 0
    return csr_array(likeness)
