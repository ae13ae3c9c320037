"""The finished index: sessions, and the newest sessions of each item, as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recommender.sessions import Floats, Ints, Sessions

Columns = Mapping[str, NDArray[np.generic]]


@dataclass(frozen=True)
class Index:
    """Sessions, and of item i the newest sessions, newest first: `recent[first[i]:first[i + 1]]`."""

    sessions: Sessions
    recent: NDArray[np.int32]
    first: NDArray[np.int64]


@dataclass
class Gathering:
    """Puts the index together from what slices of the plan give; `ids` names the items by number."""

    ids: Sequence[str]
    newest: int
    _slices: list[tuple[Ints, NDArray[np.int64], Floats]] = field(default_factory=list)
    _recent: list[tuple[Ints, NDArray[np.int64]]] = field(default_factory=list)
    _sessions: int = 0

    def __post_init__(self) -> None:
        self._had = np.zeros(len(self.ids), dtype=np.int64)

    def take(self, results: Mapping[str, Columns]) -> None:
        """Take the plan's `RESULTS` by name, of the newest slice first."""
        ended, taken, recent = results["session"]["ended"], results["taken"], results["recent"]
        starts = _starts(taken["session"], len(ended))
        self._slices.append((taken["item"].astype(np.int32), np.diff(starts), ended.astype(np.float64)))
        self._sessions += len(ended)
        counts = np.bincount(recent["item"].astype(np.int64), minlength=len(self.ids))
        place = np.arange(len(recent["item"])) - np.repeat(np.cumsum(counts) - counts, counts)
        wanted = place < np.repeat(self.newest - self._had, counts)
        numbers = recent["session"].astype(np.int32) - self._sessions  # counted from the end, which stays
        counts = np.minimum(counts, self.newest - self._had)
        self._recent.append((numbers[wanted], counts))
        self._had += counts

    def index(self) -> Index:
        """Return the index of all that was taken."""
        slices = self._slices[::-1]
        items, lengths, ended = (np.concatenate([one[part] for one in slices]) for part in range(3))
        sessions = Sessions(items=items, starts=_added_up(lengths), ended=ended, ids=tuple(self.ids))
        first = _added_up(self._had)
        recent, upto = np.empty(first[-1], dtype=np.int32), first[:-1].copy()
        for numbers, counts in self._recent:
            before = np.cumsum(counts) - counts
            recent[np.arange(len(numbers)) + np.repeat(upto - before, counts)] = numbers + self._sessions
            upto += counts
        return Index(sessions, recent, first)


def _starts(groups: NDArray[np.generic], count: int) -> NDArray[np.int64]:
    """Return where each of `count` groups begins in a column sorted by group, and the end."""
    return np.searchsorted(groups, np.arange(count + 1)).astype(np.int64)


def _added_up(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
