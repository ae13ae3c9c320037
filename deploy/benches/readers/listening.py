"""A reader under its supervisor, with each event and the moment it was heard."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from contextlib import contextmanager

from hardware.choose import open_reader
from hardware.polling_reader import POLL_SECONDS
from hardware.reader import Arrived, Fault, ReaderEvent, Recovered, Removed
from hardware.supervisor import Supervisor
from hardware.tag import TagRead

Kind = type[Arrived] | type[Removed] | type[Fault] | type[Recovered]
PATIENCE_SECONDS = 30


class Ear:
    """Hears a reader; `complaints` are what must never be: errors of the reading itself."""

    def __init__(self, reader_name: str, poll_seconds: float) -> None:
        self._heard: queue.Queue[tuple[ReaderEvent, float]] = queue.Queue()
        self.complaints: list[Exception] = []
        reader = open_reader(reader_name, clock=time.perf_counter, wait=time.sleep, poll_seconds=poll_seconds)
        self.supervisor = Supervisor(reader, self._hear, self.complaints.append, clock=time.perf_counter)

    def _hear(self, event: ReaderEvent) -> None:
        self._heard.put((event, time.perf_counter()))

    def next(self, *kinds: Kind) -> tuple[ReaderEvent, float]:
        """Return the next event of these kinds and when it was heard; raises `queue.Empty` after half a minute."""
        while True:
            event, at = self._heard.get(timeout=PATIENCE_SECONDS)
            if isinstance(event, kinds):
                return event, at

    def arrival(self) -> TagRead:
        """Return the next read; whatever else is heard before it is passed over."""
        while True:
            event, _ = self.next(Arrived)
            if isinstance(event, Arrived):
                return event.read


@contextmanager
def listening(reader: str, poll_seconds: float = POLL_SECONDS) -> Iterator[Ear]:
    """Run the reader of this name and give an ear at it."""
    ear = Ear(reader, poll_seconds)
    ear.supervisor.start()
    try:
        yield ear
    finally:
        ear.supervisor.stop()


def milliseconds(times: list[float]) -> dict[str, float]:
    """Return the median, 95th percentile and maximum of times in seconds, in milliseconds."""
    ordered = sorted(times)
    picked = {"p50 ms": 0.5, "p95 ms": 0.95, "max ms": 1.0}
    last = len(ordered) - 1
    return {name: ordered[round(share * last)] * 1000 for name, share in picked.items()}
