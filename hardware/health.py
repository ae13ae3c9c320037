"""How a reader does, in one value: what the kiosk shows, reports and warns of."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from hardware.reader import Arrived, Fault, ReaderEvent, Recovered, Vitals

REMEMBERED = 200
"""Reads whose times the percentiles are taken from."""


class ReaderState(StrEnum):
    """What a reader is doing."""

    OPENING = "opening"
    WORKING = "working"
    FAULT = "fault"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class ReaderHealth:
    """A reader at one moment; times in milliseconds. `fault` says what is wrong, None while nothing is.

    `opens` counts radios opened since the start, `faults` what was told as a fault, `reads` tags read;
    `last_read_s` is how many seconds ago the last tag was read, None before the first.
    """

    state: ReaderState = ReaderState.OPENING
    fault: Fault | None = None
    opens: int = 0
    faults: int = 0
    reads: int = 0
    last_read_s: float | None = None
    read_ms_p50: float | None = None
    read_ms_p95: float | None = None

    @property
    def working(self) -> bool:
        """Return whether nothing is known to be wrong."""
        return self.state in {ReaderState.OPENING, ReaderState.WORKING}


@dataclass(slots=True)
class HealthRecord:
    """Notes each event and tells the health; `clock` counts seconds."""

    clock: Callable[[], float]
    fault: Fault | None = None
    faults: int = 0
    reads: int = 0
    last_read_at: float | None = None
    times: deque[float] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def note(self, event: ReaderEvent) -> None:
        """Take what the reader told."""
        if isinstance(event, Arrived):
            self.reads += 1
            self.last_read_at = self.clock()
            self.times.append(event.read.milliseconds)
        elif isinstance(event, Fault):
            self.fault, self.faults = event, self.faults + 1
        elif isinstance(event, Recovered):
            self.fault = None

    def now(self, vitals: Vitals, *, running: bool) -> ReaderHealth:
        """Return the health at this moment."""
        ago = None if self.last_read_at is None else self.clock() - self.last_read_at
        times = sorted(self.times)
        return ReaderHealth(
            state=self._state(vitals, running=running),
            fault=self.fault,
            opens=vitals.opens,
            faults=self.faults,
            reads=self.reads,
            last_read_s=ago,
            read_ms_p50=share(times, 50),
            read_ms_p95=share(times, 95),
        )

    def _state(self, vitals: Vitals, *, running: bool) -> ReaderState:
        if self.fault is not None:
            return ReaderState.FAULT
        if not running:
            return ReaderState.STOPPED
        return ReaderState.WORKING if vitals.opens else ReaderState.OPENING


def share(ordered: list[float], percent: int) -> float | None:
    """Return the value below which `percent` of the ordered values lie; None of none."""
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else None
