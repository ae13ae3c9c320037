"""One list from several models, with the reason for each item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from sklearn.base import BaseEstimator

from recommender.scorer import Scorer
from recommender.sessions import Floats, Ints, Mask, Sessions


@dataclass(frozen=True, slots=True)
class Pick:
    """An item of a list: its number, which model spoke loudest for it, and its score."""

    item: int
    model: str
    score: float


class Blend(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Weighted sum of models, each scaled by its own maximum, so that none shouts the others down.

    Parameters: `models` by name, `weights` by the same names, `groups` (n_items,) the family of each
    item or None, `per_group` how many of one family a list may hold.
    """

    def __init__(
        self,
        models: Mapping[str, Scorer],
        weights: Mapping[str, float],
        groups: Ints | None = None,
        per_group: int = 2,
    ) -> None:
        self.models = models
        self.weights = weights
        self.groups = groups
        self.per_group = per_group

    def fit(self, sessions: Sessions) -> Self:
        """Fit every model on the same sessions."""
        for model in self.models.values():
            model.fit(sessions)
        return self

    def parts(self, seen: Ints) -> dict[str, Floats]:
        """Return each model's weighted, scaled scores."""
        scaled = {}
        for name, model in self.models.items():
            scores = model.scores(seen)
            top = scores.max() if len(scores) else 0.0
            scaled[name] = scores * (self.weights[name] / top) if top > 0 else scores
        return scaled

    def scores(self, seen: Ints) -> Floats:
        """Return the sum of all parts, shape (n_items,)."""
        return sum_of(self.parts(seen))

    def rank(self, seen: Ints, allowed: Mask, count: int) -> list[Pick]:
        """Return up to `count` allowed items that were not seen, best first, families mixed.

        The filter works inside the ranking, so a list is short only where there is nothing more.
        """
        parts = self.parts(seen)
        total = sum_of(parts)
        open_items = allowed.copy()
        open_items[seen] = False
        order = np.flatnonzero(open_items & (total > 0))
        order = order[np.argsort(-total[order], kind="stable")]
        return [
            Pick(i, max(parts, key=lambda name: float(parts[name][i])), float(total[i]))
            for i in self._mixed(order.tolist(), count)
        ]

    def _mixed(self, order: list[int], count: int) -> list[int]:
        if self.groups is None:
            return order[:count]
        chosen: list[int] = []
        passed_over: list[int] = []
        held: dict[int, int] = {}
        for item in order:
            family = int(self.groups[item])
            full = held.get(family, 0) >= self.per_group
            (passed_over if full else chosen).append(item)
            held[family] = held.get(family, 0) + 1
            if len(chosen) == count:
                return chosen
        return (chosen + passed_over)[:count]


def sum_of(parts: Mapping[str, Floats]) -> Floats:
    """Return the sum of all parts, item by item."""
    total: Floats = np.stack(list(parts.values())).sum(axis=0)
    return total
