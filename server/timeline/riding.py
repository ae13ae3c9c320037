"""Events that nobody waits for: they go along in commits of those that are waited for, a few in each."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Sequence

from server.timeline.recording import Entry
from server.timeline.refused import is_refused

log = logging.getLogger(__name__)

REQUESTS_A_SEAT = 8
"""Requests of a commit for each that goes along, besides the first: those who wait must hardly notice."""


class Riding:
    """Entries that wait for somebody's commit, in order. Safe for many threads."""

    def __init__(self) -> None:
        self._waiting: deque[Entry] = deque()
        self._counting = threading.Lock()
        self.put_aside = 0
        """How many were refused for what they say, since the start; they are not tried again."""

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    def board(self, entries: Sequence[Entry]) -> None:
        """Have entries go along, after those that wait already."""
        self._waiting.extend(entries)

    def take(self, most: int) -> list[Entry]:
        """Take those that waited longest, to write them; what could not be written comes `back`."""
        taken: list[Entry] = []
        while self._waiting and len(taken) < most:
            try:
                taken.append(self._waiting.popleft())
            except IndexError:  # another took it meanwhile
                break
        return taken

    def seated(self, requests: int) -> list[Entry]:
        """Take those that go along with so many requests."""
        return self.take(1 + requests // REQUESTS_A_SEAT) if self._waiting else []

    def back(self, entries: Sequence[Entry]) -> None:
        """Put entries first that could not be written."""
        self._waiting.extendleft(reversed(entries))

    def settle(self, entries: Sequence[Entry], results: Sequence[object]) -> None:
        """Put aside entries that were refused for what they say; those the database was away for wait on."""
        told = list(zip(entries, results, strict=True))
        self.back([one for one, result in told if isinstance(result, Exception) and not is_refused(result)])
        for one, result in told:
            if is_refused(result):
                self._put_aside(one, result)

    def _put_aside(self, entry: Entry, cause: object) -> None:
        with self._counting:
            self.put_aside += 1
        log.error(
            "Event %s cannot be written for what it says. It is put aside and not tried again; the others go on.",
            entry.row.get("id"),
            exc_info=cause if isinstance(cause, Exception) else None,
        )
