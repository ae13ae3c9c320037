"""The watch over tags: a tap costs it one append; it looks at all of a second together, in a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from server.errors import Unavailable
from server.tags.alarms.judging import conclude, fresh_sightings, look
from server.tags.alarms.queries import note_sightings
from server.tags.alarms.rules import Noticed
from server.tags.sun import is_signed

log = logging.getLogger("shelftalker.tags")

AWAY = (InterfaceError, OperationalError, PoolTimeout, Unavailable)
"""What a database says that is away or busy; trying again helps."""

PAUSE_SECONDS = 1.0
LARGEST_BATCH = 4000
MOST_WAITING = 20_000
"""Taps kept for a look while the database is away; beyond, the oldest is not looked at (stored it was before)."""


class TagWatch:
    """Looks at taps after they are stored; never in the way of an answer, whatever it finds or fails at.

    `turn` gives the turn to write, where the database lets in one writer at a time.
    """

    def __init__(
        self,
        open_session: Callable[[], Session],
        sealing: bytes,
        *,
        turn: Callable[[], AbstractContextManager[None]] = nullcontext,
        pause_seconds: float = PAUSE_SECONDS,
    ) -> None:
        self._open_session, self._sealing = open_session, sealing
        self._turn, self._pause = turn, pause_seconds
        self._waiting: deque[Noticed] = deque(maxlen=MOST_WAITING)
        self._work = threading.Event()
        self._looking = threading.Lock()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def notice(self, batch: Sequence[Noticed]) -> None:
        """Take note of stored taps. What a tag signed is checked before this returns, the rest within a second."""
        signed: list[Noticed] = []
        for one in batch:
            (signed if is_signed(one.tap.uri) else self._waiting).append(one)
        if signed and not self._look(signed):
            self._waiting.extend(signed)
        if self._waiting and not self._work.is_set():
            self._work.set()
            self._start()

    def settle(self) -> None:
        """Look at everything that waits by now; what comes meanwhile is for the next time."""
        left = len(self._waiting)
        while left > 0 and self._waiting:
            batch: list[Noticed] = []
            while self._waiting and len(batch) < min(left, LARGEST_BATCH):
                batch.append(self._waiting.popleft())
            left -= len(batch)
            if not self._look(batch):
                self._waiting.extendleft(reversed(batch))
                return
        with self._looking:
            pass  # whoever took some before is done with them

    def _look(self, batch: Sequence[Noticed]) -> bool:
        try:
            with self._looking, self._open_session() as session:
                with session.begin():
                    fresh = fresh_sightings(session, batch)
                if fresh:
                    with self._turn(), session.begin():
                        note_sightings(session, fresh)
                with session.begin():
                    looked = look(session, batch, self._sealing)
                if looked.findings or looked.counts:
                    with self._turn(), session.begin():
                        conclude(session, looked)
        except AWAY:
            log.warning("%d taps could not be looked at; they are kept for the next look", len(batch))
            return False
        except Exception:
            log.exception(
                "%d taps could not be looked at", len(batch)
            )  # a flaw of ours is no reason to refuse a tap
        return True

    def _start(self) -> None:
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="tag-watch", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            self._work.wait()
            threading.Event().wait(self._pause)
            self._work.clear()
            self.settle()
