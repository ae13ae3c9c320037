"""All readers of one kiosk: each runs on its own, and tapping is broken only when none of them works."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hardware.fault import ReaderFault, in_words
from hardware.reader import Arrived, Fault, ReaderEvent, Recovered, TagReader
from hardware.supervisor import Supervisor
from server.wire import ReaderRecord

LONGEST_LOOK = 20.0
"""Seconds without a finished look after which a reader stands still, whatever its supervisor tried."""


@dataclass(slots=True)
class Watched:
    """One reader under its supervisor, and when its looks were last seen to grow."""

    name: str
    reader: TagReader
    supervisor: Supervisor
    looks: int | None = None
    grew_at: float = 0.0

    def moving(self, moment: float) -> bool:
        """Return whether it looks for tags; one that waits to be told of them always does."""
        if self.reader.vitals.looks != self.looks:
            self.looks, self.grew_at = self.reader.vitals.looks, moment
        return self.looks is None or moment - self.grew_at < LONGEST_LOOK

    def record(self, now: datetime) -> ReaderRecord:
        """Return how it does."""
        health = self.supervisor.health
        ago, fault = health.last_read_s, health.fault
        return ReaderRecord(
            name=self.name[:200],
            state=health.state.value,
            words="" if fault is None else in_words(fault.kind, fault.where),
            fault="" if fault is None else fault.kind.value,
            where="" if fault is None else fault.where[:200],
            opens=health.opens,
            faults=health.faults,
            last_tap_at=None if ago is None else now - timedelta(seconds=ago),
            read_ms_p50=health.read_ms_p50,
            read_ms_p95=health.read_ms_p95,
        )


class Readers:
    """Supervises readers, by name, and hands on what they tell as if they were one.

    `listen` hears of every tag, of a `Fault` that names all once none works any more, and of `Recovered` once one
    does. What is wrong with each stands in its record.
    `clock` counts seconds, `now` is the time.
    """

    def __init__(
        self,
        readers: Mapping[str, TagReader],
        listen: Callable[[ReaderEvent], None],
        *,
        complain: Callable[[Exception], None],
        now: Callable[[], datetime],
        clock: Callable[[], float],
    ) -> None:
        self._listen, self._now, self._clock = listen, now, clock
        self._at_fault: set[str] = set()
        self._last, self._changing = ReaderFault.STOPPED, threading.Lock()
        self._all = [
            Watched(name, reader, Supervisor(reader, self._ear(name), complain, clock=clock), grew_at=clock())
            for name, reader in readers.items()
        ]

    def start(self) -> None:
        """Begin reading."""
        for one in self._all:
            one.supervisor.start()

    def stop(self) -> None:
        """End reading, and wait a moment for it."""
        for one in self._all:
            one.supervisor.stop()

    def moving(self) -> bool:
        """Return whether every reader makes progress; one that is unplugged does, for it looks again and again."""
        return all(one.moving(self._clock()) for one in self._all)

    def records(self) -> tuple[ReaderRecord, ...]:
        """Return how each reader does."""
        return tuple(one.record(self._now()) for one in self._all)

    def _ear(self, name: str) -> Callable[[ReaderEvent], None]:
        def heard(event: ReaderEvent) -> None:
            if isinstance(event, Fault | Recovered):
                self._note(name, event)
            elif isinstance(event, Arrived):
                self._listen(event)

        return heard

    def _note(self, name: str, event: Fault | Recovered) -> None:
        with self._changing:
            none_worked = len(self._at_fault) == len(self._all)
            if isinstance(event, Fault):
                self._at_fault.add(name)
                self._last = event.kind
            else:
                self._at_fault.discard(name)
            none_works = len(self._at_fault) == len(self._all)
            names = " · ".join(sorted(self._at_fault))
        if none_works:
            self._listen(Fault(self._last, names))
        elif none_worked:
            self._listen(Recovered())
