"""How many requests of sources are answered at once, so that kiosks always find a thread free."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from server.errors import Busy

SECONDS_IN_LINE = 3.0
"""How long a request waits for its turn before it hears 429: some clients that do give up soon."""


class Line:
    """So many places."""

    def __init__(self, places: int) -> None:
        self._places = threading.BoundedSemaphore(places)

    @contextmanager
    def place(self, patience: float = SECONDS_IN_LINE) -> Iterator[None]:
        """Give a place; raises `Busy` where none comes free in time."""
        if not self._places.acquire(timeout=patience):
            msg = "Too many requests at once; nothing of this one was stored. Please send it again in a moment."
            raise Busy(msg)
        try:
            yield
        finally:
            self._places.release()
