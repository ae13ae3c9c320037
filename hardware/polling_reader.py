"""The loop all real readers share: open a radio, look for a tag, read what is news, begin anew after a fault."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

from hardware.arrivals import Arrivals
from hardware.radio import Radio, ReaderBroken, TagGarbled, TagSilent
from hardware.reader import Arrived, Fault, ReaderEvent, Recovered, Removed
from hardware.tag import Outcome
from hardware.tap import read_tag

POLL_SECONDS = 0.02
SHORTEST_BACKOFF, LONGEST_BACKOFF = 0.25, 5.0


class PollingReader:
    """A `TagReader` on any radio. `open_radio` opens a new one, or raises `ReaderBroken` with words for people.

    `clock` counts seconds and never goes back; `wait(seconds)` sleeps.
    """

    def __init__(
        self, open_radio: Callable[[], Radio], *, clock: Callable[[], float], wait: Callable[[float], None]
    ) -> None:
        self._open_radio, self._clock, self._wait = open_radio, clock, wait
        self._told = ""
        self._closed = threading.Event()

    def __enter__(self) -> Self:
        """Make ready; the device is opened by the iteration, so that a missing one is told as a Fault."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """End the iteration soon."""
        self._closed.set()

    def __iter__(self) -> Iterator[ReaderEvent]:
        """Yield what happens until closed."""
        arrivals, backoff, faulty = Arrivals(), SHORTEST_BACKOFF, False
        radio: Radio | None = None
        while not self._closed.is_set():
            try:
                radio = radio or self._open_radio()
                event = self._look(radio, arrivals)
            except ReaderBroken as error:
                if radio is not None:
                    radio.close()
                radio = None
                if not faulty:
                    yield Fault(str(error))
                faulty = True
                self._closed.wait(backoff)
                backoff = min(backoff * 2, LONGEST_BACKOFF)
                continue
            if faulty:
                faulty, backoff = False, SHORTEST_BACKOFF
                yield Recovered()
            if event is not None:
                yield event
            self._wait(POLL_SECONDS)
        if radio is not None:
            radio.close()

    def _look(self, radio: Radio, arrivals: Arrivals) -> ReaderEvent | None:
        try:
            target = radio.sense()
        except (TagGarbled, TagSilent):
            return None
        if target is None:
            return Removed(self._told) if arrivals.absent() else None
        if not arrivals.is_news(target.uid):
            return None
        read = read_tag(radio, target, self._clock)
        if read.outcome is not Outcome.LOST:
            arrivals.settled(target.uid)
        self._told = read.uid
        return Arrived(read)
