"""The protocol every model keeps, and the list a single model makes of its evidence."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol, Self

import numpy as np
from sklearn.base import BaseEstimator

from recommender.evidence import Board
from recommender.laying import lay_all, still
from recommender.past import Past
from recommender.sessions import Ints, Mask, Sessions


class Ranker(Protocol):
    """A model that lists what a session goes on with."""

    def fit(self, sessions: Sessions) -> Self:
        """Learn from past sessions; returns self."""
        ...

    def rank(self, seen: Ints, *, count: int = 20, allowed: Mask | None = None, novel: bool = True) -> Ints:
        """Return up to `count` item numbers, best first, after the items `seen` (oldest first).

        `allowed` (n_items,) filters inside the ranking; `novel` leaves out what was seen.
        """
        ...


class Scorer(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """A model that lays evidence on a board. A subclass says its `columns`, fits, and tells what it knows.

    Learned: `n_items_`.
    """

    columns: ClassVar[tuple[str, ...]] = ()
    left_behind: ClassVar[frozenset[str]] = frozenset()
    """Attributes that only fitting needs, and a saved model does not have."""

    def fit(self, sessions: Sessions) -> Self:
        """Learn from past sessions; returns self."""
        raise NotImplementedError

    def join(self, past: Past, fresh: Sessions) -> Self:  # noqa: ARG002 - for those that learn from visits
        """Return a model that also knows the `fresh` sessions, which `past` already has; this one stays."""
        return self

    def known(self, first: int = 0) -> tuple[Any, ...]:
        """Return a record of what speaks for items, to be laid in columns from `first` on: see `lays`."""
        raise NotImplementedError

    def rank(self, seen: Ints, *, count: int = 20, allowed: Mask | None = None, novel: bool = True) -> Ints:
        """Return up to `count` items by the sum of this model's columns, each scaled by its largest."""
        board = Board.of(self.n_items_, len(self.columns))
        lay_all((still(self.known()),), known_items(seen, self.n_items_), board)
        items = np.sort(board.listed[: board.size[0]])
        evidence = board.evidence[:, board.row[items]].astype(np.float64)
        total = (evidence / np.maximum(evidence.max(axis=1, initial=0, keepdims=True), 1e-12)).sum(axis=0)
        wanted = np.ones(len(items), dtype=np.bool_) if allowed is None else allowed[items]
        if novel:
            wanted &= ~np.isin(items, seen)
        items, total = items[wanted], total[wanted]
        best: Ints = items[np.argsort(-total, kind="stable")[:count]]
        return best


def known_items(seen: Ints, n_items: int) -> Ints:
    """Return `seen` without items this model has never heard of."""
    seen = np.asarray(seen, dtype=np.int32)
    return seen[(seen >= 0) & (seen < n_items)]
