"""What was shown, as events: one for each answer, written a moment after it in a commit it shares.

A list depends on what the visit saw before, which is known only once the tap is committed: its event cannot be in
the tap's own commit. It waits in memory, and rides along in the commit of a later tap, or in one of its own where
none comes for a fifth of a second. Taps come first: few lists ride in each commit, groups of their own are small,
with a breath between them, and at most 250 lists a second of a process are made ready, so in a rush they wait.
Answers given again to a tap sent twice are not told of again.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from functools import partial

from server.recommendations.shown_event import Shown, shown_entry
from server.timeline.group_commit import LARGEST_GROUP, Writer
from server.timeline.refused import is_refused

log = logging.getLogger(__name__)

EVERY_SECONDS, BREATH_SECONDS = 0.2, 0.01
"""Between turns, and between groups: who waits for a lock does not get it from who takes it again at once."""

A_TURN, AT_ONCE = 5, 10
"""Groups a turn, and lists a group: few, for the taps that share it or wait for it."""

MOST_WAITING = 20_000
"""Lists kept in a rush, or while the database is away; beyond that the oldest go."""


class ShownLog:
    """Takes note of lists at once, and writes them later. Safe for many threads."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._waiting: deque[Shown] = deque(maxlen=MOST_WAITING)
        self._writing = threading.Lock()

    def note(self, shown: Shown) -> None:
        """Take note of a list; nothing is asked or written here."""
        self._waiting.append(shown)

    def start(self) -> None:
        """Write on a thread of its own from now on."""
        threading.Thread(target=self._write_on, name="shown", daemon=True).start()

    def _write_on(self) -> None:
        pause = threading.Event()
        while not pause.wait(EVERY_SECONDS):
            self.take_turn(partial(pause.wait, BREATH_SECONDS))

    def take_turn(self, breathe: Callable[[], object]) -> None:
        """Write by themselves the lists that nobody took along since the last turn, then have others go along.

        Both a little at a time: in between let others write.
        """
        self._repeat(self._write_some, breathe)
        if not self._writer.riding:  # else there is no getting through now
            self._repeat(self._board_some, breathe)

    def _repeat(self, step: Callable[[int], bool], breathe: Callable[[], object]) -> None:
        for _ in range(A_TURN):
            if not step(AT_ONCE):
                break
            breathe()

    def flush(self) -> None:
        """Write all that waits; what cannot be written now goes on waiting."""
        while self._board_some(LARGEST_GROUP):
            pass
        while self._write_some(LARGEST_GROUP):
            pass

    def _board_some(self, most: int) -> bool:
        """Make ready the lists that waited longest; return whether there were any."""
        with self._writing:
            some = [self._waiting.popleft() for _ in range(min(len(self._waiting), most))]
            try:
                self._writer.riding.board([shown_entry(one) for one in some])
            except Exception:
                log.exception("%d lists that were shown cannot be told of", len(some))
        return bool(some)

    def _write_some(self, most: int) -> bool:
        """Write lists that are ready by themselves; return whether there were any and that worked."""
        with self._writing:
            some = self._writer.riding.take(most)
            try:
                if some:
                    self._writer.write(some)
            except Exception as error:
                if is_refused(error):
                    return self._writer.write_each(some)
                log.warning("what was shown waits in memory: %s", error)
                self._writer.riding.back(some)
                return False
        return bool(some)
