"""A keyboard wedge: a reader that types each tag's UID as a line of text."""

from __future__ import annotations

import queue
import re
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self, TextIO

from hardware.fault import ReaderFault
from hardware.reader import Arrived, Fault, ReaderEvent, Removed, Vitals
from hardware.tag import Outcome, TagRead

UID = re.compile(r"([0-9A-Fa-f]{2}[:\- ]?){4,10}")


class KeyboardReader:
    """A `TagReader` on lines of text. Each line is a tag that comes and goes at once.

    The lines are read in a thread of their own, so that closing does not wait for the next one.
    """

    def __init__(self, lines: TextIO) -> None:
        self.vitals = Vitals(opens=1)
        self._lines, self._closed = lines, threading.Event()
        self._heard: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Nothing needs opening."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """End the iteration at once."""
        self._closed.set()
        self._heard.put(None)

    def __iter__(self) -> Iterator[ReaderEvent]:
        """Yield each line's tag until closed or the text ends, which is told as a fault."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._hear, name="keyboard", daemon=True)
            self._thread.start()
        while (line := self._heard.get()) is not None and not self._closed.is_set():
            read = read_line(line)
            if read is not None:
                yield Arrived(read)
                yield Removed(read.uid)
        if not self._closed.is_set():
            yield Fault(ReaderFault.INPUT_ENDED)

    def _hear(self) -> None:
        for line in self._lines:
            self._heard.put(line)
        self._heard.put(None)


def read_line(line: str) -> TagRead | None:
    """Return the tag a line stands for; None for an empty line."""
    words = line.strip()
    if not words:
        return None
    if UID.fullmatch(words):
        return TagRead(re.sub(r"[^0-9A-Fa-f]", "", words).upper(), "keyboard", None, Outcome.OK)
    return TagRead("", "keyboard", None, Outcome.UNREADABLE)
