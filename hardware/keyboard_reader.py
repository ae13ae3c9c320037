"""A keyboard wedge: a reader that types each tag's UID, or its address, as a line of text."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self, TextIO

from hardware.reader import Arrived, Fault, ReaderEvent, Removed
from hardware.tag import Outcome, TagRead

UID = re.compile(r"([0-9A-Fa-f]{2}[:\- ]?){4,10}")


class KeyboardReader:
    """A `TagReader` on lines of text. Each line is a tag that comes and goes at once."""

    def __init__(self, lines: TextIO) -> None:
        self._lines, self._closed = lines, threading.Event()

    def __enter__(self) -> Self:
        """Nothing needs opening."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """End the iteration at the next line."""
        self._closed.set()

    def __iter__(self) -> Iterator[ReaderEvent]:
        """Yield each line's tag until closed or the text ends, which is told as a fault."""
        for line in self._lines:
            if self._closed.is_set():
                return
            read = read_line(line)
            if read is not None:
                yield Arrived(read)
                yield Removed(read.uid)
        if not self._closed.is_set():
            yield Fault("The keyboard reader's input ended: plug it in again and restart the kiosk.")


def read_line(line: str) -> TagRead | None:
    """Return the tag a line stands for; None for an empty line."""
    words = line.strip()
    if not words:
        return None
    if UID.fullmatch(words):
        return TagRead(re.sub(r"[^0-9A-Fa-f]", "", words).upper(), "keyboard", None, Outcome.OK)
    return TagRead("", "keyboard", None, Outcome.UNREADABLE)
