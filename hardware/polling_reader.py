"""The loop all real readers share: open a radio, look for a tag, read what is news, begin anew after a fault."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

from hardware.arrivals import TWO, Arrivals, key_of
from hardware.backoff import Backoff
from hardware.radio import Feedback, Radio, ReaderBroken, TagGarbled, TagsCollided, TagSilent, Target, TwoTags
from hardware.reader import Arrived, Fault, ReaderEvent, Recovered, Removed, Vitals
from hardware.tag import Outcome, TagRead
from hardware.tap import TapEngine

POLL_SECONDS = 0.02
GOOD = {Outcome.OK, Outcome.EMPTY, Outcome.NOT_NDEF}
COLLISION = TagRead("", "unknown", None, Outcome.COLLISION)


class PollingReader:
    """A `TagReader` on any radio. `open_radio` opens a new one, or raises `ReaderBroken`.

    `clock` counts seconds and never goes back; `wait(seconds)` sleeps; `present()` tells cheaply whether there is
    a device to open, so that one plugged in again is opened at once.
    """

    def __init__(
        self,
        open_radio: Callable[[], Radio],
        *,
        clock: Callable[[], float],
        wait: Callable[[float], None],
        present: Callable[[], bool] = lambda: True,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._open_radio, self._clock, self._wait, self._poll_seconds = open_radio, clock, wait, poll_seconds
        self._backoff, self._engine = Backoff(wait, present, self._is_closed), TapEngine(clock)
        self._arrivals, self._uid, self._turn = Arrivals(), "", 0
        self._fault: Fault | None = None
        self._closed = threading.Event()
        self.vitals = Vitals(looks=0)

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

    def _is_closed(self) -> bool:
        return self._closed.is_set()

    def __iter__(self) -> Iterator[ReaderEvent]:
        """Yield what happens until closed, or until iterated anew."""
        self._turn += 1
        turn, radio = self._turn, None
        try:
            while turn == self._turn and not self._closed.is_set():
                try:
                    radio = radio or self._open()
                    yield from self._look(radio)
                except ReaderBroken as error:
                    if radio is not None:
                        radio.close()
                    radio = None
                    yield from self._broken(Fault(error.fault, error.where))
                    self._backoff.pause()
                else:
                    self._wait(self._poll_seconds)
                self._beat()
        finally:
            if radio is not None:
                radio.close()

    def _open(self) -> Radio:
        radio = self._open_radio()
        self.vitals.opens += 1
        return radio

    def _beat(self) -> None:
        self.vitals.looks = (self.vitals.looks or 0) + 1

    def _broken(self, fault: Fault) -> Iterator[ReaderEvent]:
        if fault != self._fault:
            self._fault = fault
            yield fault

    def _look(self, radio: Radio) -> Iterator[ReaderEvent]:
        """Look once; anything but `ReaderBroken` is the tag's doing and shows that the reader works."""
        told = self._seen(radio)
        self._backoff.reset()
        if self._fault is not None:
            self._fault = None
            yield Recovered()
        for event in told:
            yield event
            if isinstance(event, Arrived):  # after whoever listens has it: light and sound never delay a tap
                radio.signal(Feedback.READ if event.read.outcome in GOOD else Feedback.TROUBLE)

    def _seen(self, radio: Radio) -> list[ReaderEvent]:
        now, resting = self._clock(), self._arrivals.resting is not None
        try:
            return self._found(radio, resting=resting)
        except TagsCollided as error:
            news = self._arrivals.collided(now, surely=isinstance(error, TwoTags))
            return self._arrived(TWO, COLLISION, resting=resting) if news else []
        except TagGarbled:
            self._arrivals.garbled(now)
            return []
        except TagSilent:
            return [Removed(self._uid)] if self._arrivals.silent(now) else []

    def _found(self, radio: Radio, *, resting: bool) -> list[ReaderEvent]:
        """Return what the look found; of a tag nothing is told before it has proven to be alone."""
        target = self._selected(radio)
        if target is None:
            return [Removed(self._uid)] if self._arrivals.absent() else []
        key = key_of(target.uid)
        if not self._arrivals.is_news(key, self._clock()):
            radio.prove_alone()
            return []
        read = self._engine.read(radio, target)
        if read.outcome is Outcome.LOST:
            return [Arrived(read)] if self._arrivals.lost_is_news(key, self._clock()) else []
        radio.prove_alone()
        return self._arrived(key, read, resting=resting)

    def _selected(self, radio: Radio) -> Target | None:
        """Return the tag there, selected; where two were there last, only once it is alone: reading counts."""
        target = radio.sense()
        if target is None or self._arrivals.resting != TWO:
            return target
        radio.prove_alone()
        return radio.sense(target.uid)

    def _arrived(self, key: bytes, read: TagRead, *, resting: bool) -> list[ReaderEvent]:
        gone = [Removed(self._uid)] if resting else []
        self._arrivals.settled(key)
        self._uid = read.uid
        return [*gone, Arrived(read)]
