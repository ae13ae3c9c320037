"""The protocol every model keeps."""

from __future__ import annotations

from typing import Protocol, Self

from recommender.sessions import Floats, Ints, Sessions


class Scorer(Protocol):
    """A model that scores all items after a session: shape (n_items,), ≥ 0, the higher the better."""

    def fit(self, sessions: Sessions) -> Self:
        """Learn from past sessions; returns self."""
        ...

    def scores(self, seen: Ints) -> Floats:
        """Score every item after the items `seen`, oldest first; an empty `seen` is a new shopper."""
        ...
