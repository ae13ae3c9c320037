"""What happens now, as server-sent events that a broken line does not lose: each has its number in the outbox."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from server.errors import Busy, Invalid
from server.timeline import outbox
from server.timeline.models import Event
from server.timeline.reading.asked import Filter
from server.timeline.reading.told import told

LOOKS_EVERY = 0.15
"""Seconds between looks at the outbox: an event is on the stream within them."""
HEARTBEAT = 5.0
"""Seconds of silence after which a sign of life is sent; it also tells us of a reader who has left."""
LONGEST = 300.0
"""Seconds a stream lasts: it holds a thread, so it ends now and then, and its reader asks again where it was."""
AT_ONCE = 500


Written = Callable[[Session, Sequence[tuple[int, Event]]], bytes]
"""What makes server-sent events of numbered events."""


class Streams:
    """How many streams a process holds open at once."""

    def __init__(self, most: int) -> None:
        self._free = threading.BoundedSemaphore(most)

    def open(self) -> Callable[[], None]:
        """Take a place and return what gives it back; raises `Busy` where there is none."""
        if not self._free.acquire(blocking=False):
            msg = "All places at the live stream are taken here; please try again in a moment."
            raise Busy(msg)
        return self._free.release


@dataclass(frozen=True, slots=True)
class Live:
    """A reader's stream: what of the events, how it waits between looks, and how events are written on it.

    `wait(seconds)` returns whether the process was told to stop meanwhile.
    """

    engine: Engine
    wanted: Filter
    wait: Callable[[float], bool]
    written: Written = lambda _, found: _as_told(found)
    lasts: float = LONGEST

    def after(self, seq: int) -> Iterator[bytes]:
        """Yield the events after `seq`, then those that come, until the database is away or we are to stop."""
        yield b"retry: 500\n\n"
        waited = quiet = 0.0
        while waited < self.lasts:
            try:
                with Session(self.engine) as session:
                    found = outbox.after(session, seq, limit=AT_ONCE)
                    sent = self.written(session, [pair for pair in found if self._wants(pair[1])])
            except SQLAlchemyError:
                return
            if found:
                seq, quiet = found[-1][0], 0.0
                yield sent or _at(seq)
                continue
            if self.wait(LOOKS_EVERY):
                return
            waited, quiet = waited + LOOKS_EVERY, quiet + LOOKS_EVERY
            if quiet >= HEARTBEAT:
                quiet = 0.0
                yield b": still here\n\n"

    def _wants(self, event: Event) -> bool:
        wanted = self.wanted
        return (
            (not wanted.channels or event.channel in wanted.channels)
            and (not wanted.kinds or event.kind in wanted.kinds)
            and (not wanted.stores or event.store_id in wanted.stores)
        )


def begin_at(session: Session, last: str | None) -> int:
    """Return the number to read on after: the reader's last, else that of now; raises `Invalid` for no number."""
    if not last:
        return outbox.newest(session)
    if not last.isascii() or not last.isdecimal() or len(last) > 18:
        msg = "Last-Event-ID: give the id of the last event that came, or nothing."
        raise Invalid(msg)
    return int(last)


def _as_told(found: Sequence[tuple[int, Event]]) -> bytes:
    return b"".join(
        b"id: %d\nevent: %s\ndata: %s\n\n" % (number, event.kind.encode(), told(event).model_dump_json().encode())
        for number, event in found
    )


def _at(number: int) -> bytes:
    """Tell how far the reader is, though nothing was for them: then they ask on from there."""
    return b"id: %d\ndata:\n\n" % number
