"""Past sessions with an index from each item to the sessions that have it, the newest first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.compiled import compiled
from recommender.sessions import Floats, Ints, Sessions

ROOM = 10_000_000
"""Taps a past that others join holds at most, unless it was larger from the start: 120 MB with its index."""


class Past(NamedTuple):
    """`Sessions` as arrays, and for item i the occurrences `first[i]:first[i + 1]` of `session`, `place`."""

    items: Ints
    starts: NDArray[np.int64]
    ended: Floats
    first: NDArray[np.int64]
    session: Ints
    place: Ints

    @classmethod
    def of(cls, sessions: Sessions) -> Past:
        """Index `sessions`; a million take a fraction of a second."""
        first, session, place = _occurrences(sessions.items, sessions.starts, sessions.n_items)
        return cls(sessions.items, sessions.starts, sessions.ended, first, session, place)

    @property
    def n_items(self) -> int:
        """How many different items there are, tapped or not."""
        return len(self.first) - 1

    def taps(self) -> NDArray[np.int64]:
        """Return how often each item was tapped, (n_items,)."""
        return np.diff(self.first)

    def joined_by(self, fresh: Sessions, room: int = ROOM) -> Past:
        """Return a past that also has `fresh` sessions, in order of their end; this one stays as it is.

        The oldest sessions leave where it would hold more taps than `room` and than it held before. Raises
        ValueError where `fresh` are over another number of items.
        """
        if fresh.n_items != self.n_items:
            msg = f"visits over {fresh.n_items} items cannot join a model of {self.n_items}: both need its ids"
            raise ValueError(msg)
        both = Sessions(self.items, self.starts, self.ended, fresh.ids).followed_by(fresh)
        most = max(room, len(self.items))
        oldest = int(np.searchsorted(both.starts, both.starts[-1] - most))
        return Past.of(both[oldest:] if oldest else both)


@compiled
def _occurrences(items: Ints, starts: NDArray[np.int64], n_items: int) -> tuple[NDArray[np.int64], Ints, Ints]:
    first = np.zeros(n_items + 1, dtype=np.int64)
    for item in items:
        first[item + 1] += 1
    first = np.cumsum(first)
    free = first.copy()
    session, place = np.empty(len(items), dtype=np.int32), np.empty(len(items), dtype=np.int32)
    for visit in range(len(starts) - 2, -1, -1):
        for at in range(starts[visit + 1] - 1, starts[visit] - 1, -1):
            here = free[items[at]]
            session[here], place[here] = visit, at - starts[visit]
            free[items[at]] += 1
    return first, session, place
