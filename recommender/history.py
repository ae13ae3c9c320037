"""What a customer did before this visit, in every channel: their own items, and what stands near them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from typing import ClassVar, NamedTuple, Self

import numpy as np

from recommender.compiled import compiled
from recommender.evidence import Board, row_of
from recommender.item_to_item import ItemToItem
from recommender.laying import lays
from recommender.past import Past
from recommender.rows import Rows
from recommender.scorer import Scorer
from recommender.sessions import Floats, Ints, Sessions

CHANNELS: Mapping[str, float] = {"till": 3.0, "kiosk": 1.0, "app": 0.7, "web": 0.5}
"""What one past item counts by where it was: what was bought says most, what was clicked least."""

OTHER_CHANNEL = 0.5
HALF_LIFE = 60 * 86_400.0
REMEMBERED = 50


class Customer(NamedTuple):
    """Past items of somebody who agreed to be known, and what each counts; none for everybody else."""

    items: Ints
    weights: Floats

    @classmethod
    def known_by(cls, past: Iterable[tuple[int, str, float]], now: float) -> Self:
        """Weigh `(item, channel, seconds)` by channel, by half for every 60 days before `now`; keep 50."""
        weights: dict[int, float] = {}
        for item, channel, seconds in past:
            age = max(0.0, now - seconds)
            amount = CHANNELS.get(channel, OTHER_CHANNEL) * 0.5 ** (age / HALF_LIFE)
            weights[item] = weights.get(item, 0.0) + amount
        best = sorted(weights, key=lambda item: (-weights[item], item))[:REMEMBERED]
        return cls(np.array(best, dtype=np.int32), np.array([weights[item] for item in best], dtype=np.float64))


NOBODY = Customer(np.empty(0, dtype=np.int32), np.empty(0))


class CustomerHistory(Scorer):
    """A customer's own past items, and the fading sum of what stands near them in everybody's visits.

    As a model of its own it takes what is `seen` for the history. Learned: `rows_`, as in ItemToItem.
    """

    columns: ClassVar[tuple[str, ...]] = ("own", "near")

    def __init__(self, *, fade: float = 0.95, backward: float = 0.7, discount: float = 0.5) -> None:
        self.fade = fade
        self.backward = backward
        self.discount = discount

    def fit(self, sessions: Sessions) -> Self:
        """Count what stands near what."""
        self.n_items_ = sessions.n_items
        self.rows_ = self._near().fit(sessions).rows_
        return self

    def join(self, past: Past, fresh: Sessions) -> Self:
        """Count anew for the items of `fresh`."""
        joined, near = copy(self), self._near()
        near.n_items_, near.rows_ = self.n_items_, self.rows_
        joined.rows_ = near.join(past, fresh).rows_
        return joined

    def known(self, first: int = 0) -> Histories:
        """Return what stands near what."""
        return Histories(self.rows_, first)

    def _near(self) -> ItemToItem:
        return ItemToItem(fade=self.fade, backward=self.backward, discount=self.discount)


class Histories(NamedTuple):
    """What a customer's items speak for: themselves in the column `first`, what stands near them in the next."""

    rows: Rows
    first: int


@lays(Histories)
@compiled
def _lay(known: Histories, seen: Ints, board: Board) -> None:
    lay_past(known, Customer(seen, np.ones(len(seen))), board)


@compiled
def lay_past(known: Histories, customer: Customer, board: Board) -> None:
    """Lay the customer's own items and what stands near them; nothing for nobody."""
    rows, own, near = known.rows, board.evidence[known.first], board.evidence[known.first + 1]
    for place, item in enumerate(customer.items):
        weight = np.float32(customer.weights[place])
        own[row_of(board, item)] += weight
        for at in range(rows.first[item], rows.first[item + 1]):
            near[row_of(board, rows.others[at])] += weight * rows.values[at]
