"""A clock the tests set, and waiting for what other threads do."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


class FakeClock:
    """Call it for the time; it stands still until told."""

    def __init__(self, start: datetime = NOW) -> None:
        self._time = start

    def __call__(self) -> datetime:
        return self._time

    def advance(self, seconds: float) -> None:
        """Move the clock on."""
        self._time += timedelta(seconds=seconds)


def until(true: Callable[[], bool]) -> None:
    """Return once it is true; fail after ten seconds."""
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)
