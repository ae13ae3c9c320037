"""Taps that arrive a few at a time, each gathered once into arrays that sessions are made from without a loop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.sessions import Floats, Ints, Sessions

Tap = tuple[str, str, float, str]
"""A session's name, an item, seconds, and the place where it was."""

UNKNOWN = -1


class Gathered:
    """The newest `most` taps over `ids`; taps of other items are counted among them, and passed over."""

    def __init__(self, ids: Iterable[str], most: int) -> None:
        self.ids = tuple(dict.fromkeys(ids))
        self._number = {name: i for i, name in enumerate(self.ids)}
        self._places: dict[str, int] = {}
        self._most = most
        self._session: NDArray[np.bytes_] = np.empty(0, dtype="S1")
        self._item: Ints = np.empty(0, dtype=np.int32)
        self._seconds: Floats = np.empty(0, dtype=np.float64)
        self._place: Ints = np.empty(0, dtype=np.int32)

    def __len__(self) -> int:
        return len(self._item)

    def add(self, taps: Sequence[Tap]) -> None:
        """Gather these taps, in any order, besides those before, which are only copied."""
        if not taps:
            return
        sessions, items, seconds, places = zip(*taps, strict=True)
        numbers = [self._number.get(item, UNKNOWN) for item in items]
        known = [self._places.setdefault(place, len(self._places)) for place in places]
        names = np.array([session.encode() for session in sessions], dtype=np.bytes_)
        self._session = np.concatenate((self._session, names))[-self._most :]
        self._item = np.concatenate((self._item, np.array(numbers, dtype=np.int32)))[-self._most :]
        self._seconds = np.concatenate((self._seconds, np.array(seconds)))[-self._most :]
        self._place = np.concatenate((self._place, np.array(known, dtype=np.int32)))[-self._most :]

    def sessions(self) -> tuple[Sessions, dict[str, Sessions]]:
        """Return what `Sessions.from_taps` gathers of them all, and of those of each place."""
        known = np.flatnonzero(self._item != UNKNOWN)
        _, session = np.unique(self._session[known], return_inverse=True)
        order = np.lexsort((self._item[known], self._seconds[known], session))
        rows = session[order], self._item[known][order], self._seconds[known][order]
        there, places = set(np.unique(self._place).tolist()), self._place[known][order]
        by_place = {
            place: self._of(*(column[places == number] for column in rows))
            for place, number in self._places.items()
            if number in there
        }
        return self._of(*rows), by_place

    def _of(self, session: NDArray[np.int64], item: Ints, seconds: Floats) -> Sessions:
        last_of_run = np.ones(len(item), dtype=np.bool_)
        last_of_run[:-1] = (session[1:] != session[:-1]) | (item[1:] != item[:-1])
        rows = (column[last_of_run] for column in (session, item, seconds))
        return Sessions.from_rows(*rows, ids=self.ids)
