"""A reader that plays what it is told: for demonstrations and tests."""

from __future__ import annotations

import queue
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from hardware.reader import ReaderEvent, Vitals


class ScriptedReader:
    """A `TagReader` that yields the events it was given, and then those that are put to it."""

    def __init__(self, events: Iterable[ReaderEvent] = ()) -> None:
        self.vitals = Vitals(opens=1)
        self._events: queue.SimpleQueue[ReaderEvent | None] = queue.SimpleQueue()
        for event in events:
            self.put(event)

    def put(self, event: ReaderEvent) -> None:
        """Let it happen next."""
        self._events.put(event)

    def __enter__(self) -> Self:
        """Nothing needs opening."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """End the iteration after what was put before."""
        self._events.put(None)

    def __iter__(self) -> Iterator[ReaderEvent]:
        """Yield what was put, until closed."""
        while (event := self._events.get()) is not None:
            yield event
