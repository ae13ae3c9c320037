"""The protocol every reader keeps, and what it tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from hardware.fault import ReaderFault
from hardware.tag import TagRead


@dataclass(frozen=True, slots=True)
class Arrived:
    """A tag that was not there before."""

    read: TagRead


@dataclass(frozen=True, slots=True)
class Removed:
    """The tag is gone: clean time-outs said so."""

    uid: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The reader itself failed: why, and where (a path, a port or a name). The reader goes on trying."""

    kind: ReaderFault
    where: str = ""


@dataclass(frozen=True, slots=True)
class Recovered:
    """The reader works again."""


@dataclass(slots=True)
class Vitals:
    """What a reader shows of itself while it runs, for the supervisor that watches over it.

    `opens` counts radios opened; `looks` grows with each finished look or attempt to open, and is None for a
    reader that waits to be told and therefore cannot be seen hanging.
    """

    opens: int = 0
    looks: int | None = None


ReaderEvent = Arrived | Removed | Fault | Recovered


class TagReader(Protocol):
    """A reader as a context manager; iterating yields what happens, for as long as it is open.

    The iterator ends only after `close`, from any thread, or where it is iterated anew. No tag and no fault of
    the device ends it or raises out of it. A tag that rests is no news; a tag put in another's place is told as
    that one's removal and its own arrival.
    """

    vitals: Vitals

    def __enter__(self) -> Self:
        """Open the reader; a reader that is missing is told as a Fault, not raised."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        ...

    def __iter__(self) -> Iterator[ReaderEvent]:
        """Yield events until closed."""
        ...

    def close(self) -> None:
        """End the iteration soon, from any thread. Closing twice is harmless."""
        ...
