"""What was shown, as events: one for each answer, written a moment after it in a commit it shares.

A list depends on what the visit saw before, which is known only once the tap is committed: its event cannot be in
the tap's own commit. It waits in memory instead, at most a second, and then joins a group like any other event; no
tap waits for it. Answers given again to a tap sent twice are not told of again.
"""

from __future__ import annotations

import logging
import threading
from collections import deque

from server.errors import ServerError
from server.recommendations.shown_event import Shown, shown_entry
from server.timeline.group_commit import LARGEST_GROUP, Writer

log = logging.getLogger(__name__)

EVERY_SECONDS = 1.0
MOST_WAITING = 20_000
"""Lists kept while the database is away; beyond that the oldest go."""


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
        """Write on a thread of its own from now on, every second."""
        threading.Thread(target=self._write_on, name="shown", daemon=True).start()

    def _write_on(self) -> None:
        pause = threading.Event()
        while not pause.wait(EVERY_SECONDS):
            self.flush()

    def flush(self) -> None:
        """Write all that waits; what cannot be written now goes on waiting."""
        with self._writing:
            while self._waiting:
                some = [self._waiting.popleft() for _ in range(min(len(self._waiting), LARGEST_GROUP))]
                try:
                    self._writer.write([shown_entry(one) for one in some])
                except ServerError as error:
                    log.warning("what was shown waits in memory: %s", error)
                    self._waiting.extendleft(reversed(some))
                    return
