"""How good a model is: a session revealed item by item, the next item the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.scorer import Ranker
from recommender.sessions import Floats, Ints, Sessions


class Position(NamedTuple):
    """One question: the session's number, what was seen (oldest first), and what came after it."""

    session: int
    seen: Ints
    after: Ints


@dataclass(frozen=True, slots=True)
class Answers:
    """A model's lists (n, k), filled up with -1, with the position of each and the seconds it took."""

    listed: Ints
    positions: tuple[Position, ...]
    seconds: Floats

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def places(self) -> NDArray[np.int64]:
        """Where in each list the next item stands, from 1; 0 where it does not."""
        truth = np.array([position.after[0] for position in self.positions], dtype=np.int32)
        found = self.listed == truth[:, None]
        return np.where(found.any(axis=1), found.argmax(axis=1) + 1, 0)

    @property
    def sessions(self) -> NDArray[np.int64]:
        """The session of each position."""
        return np.array([position.session for position in self.positions], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Result:
    """`hit_rate` and `mrr` at k over `n` positions, with the standard error of each."""

    hit_rate: float
    hit_rate_error: float
    mrr: float
    mrr_error: float
    n: int


def positions_of(sessions: Sessions, *, novel: bool = True, min_prefix: int = 1) -> Iterator[Position]:
    """Give every question of `sessions` after at least `min_prefix` items.

    `novel` asks what a kiosk asks: only where the next item was not yet in the session.
    (Protocol of Ludewig & Jannach, UMUAI 2018.)
    """
    for number, items in enumerate(sessions):
        for at in range(min_prefix, len(items)):
            if not novel or items[at] not in items[:at]:
                yield Position(number, items[:at], items[at:])


def no_time() -> float:
    """Stand for a clock where nobody asks how long it took."""
    return 0.0


def nobody(step: float) -> None:
    """Stand for a progress bar where nobody watches."""


def answers_of(
    model: Ranker,
    positions: tuple[Position, ...],
    *,
    k: int = 20,
    novel: bool = True,
    clock: Callable[[], float] = no_time,
    on_answer: Callable[[int], object] = nobody,
) -> Answers:
    """Ask `model` at each position; with `novel` its lists leave out what was seen.

    `clock` tells the seconds each answer takes; `on_answer` is called with 1 after each, for a progress bar.
    """
    listed = np.full((len(positions), k), -1, dtype=np.int32)
    seconds = np.zeros(len(positions))
    for row, position in enumerate(positions):
        began = clock()
        best = model.rank(position.seen, count=k, novel=novel)
        seconds[row] = clock() - began
        listed[row, : len(best)] = best
        on_answer(1)
    return Answers(listed, positions, seconds)


def evaluate(model: Ranker, sessions: Sessions, *, k: int = 20, novel: bool = True) -> Result:
    """Return hit rate and MRR at `k` of `model` on `sessions`."""
    places = answers_of(model, tuple(positions_of(sessions, novel=novel)), k=k, novel=novel).places
    reached = (places > 0).astype(np.float64)
    return Result(*mean_and_error(reached), *mean_and_error(reached / np.maximum(places, 1)), len(places))


def mrr_of(model: Ranker, sessions: Sessions, y: None = None) -> float:  # noqa: ARG001 - scikit-learn's form
    """Return MRR@20 on new items, as `scoring` for scikit-learn's searches."""
    return evaluate(model, sessions).mrr


def mean_and_error(values: Floats) -> tuple[float, float]:
    """Return the mean and its standard error, 0 and 0 of nothing."""
    if not len(values):
        return 0.0, 0.0
    return float(values.mean()), float(values.std() / np.sqrt(len(values)))
