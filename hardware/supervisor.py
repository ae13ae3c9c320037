"""A reader in a thread of its own, with a record of how it does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from hardware.reader import Arrived, Fault, ReaderEvent, Recovered, TagReader


@dataclass(slots=True)
class ReaderHealth:
    """How a reader does: whether it works, its fault in words, and what it has read."""

    working: bool = True
    words: str = ""
    faults: int = 0
    reads: int = 0
    last_read_ms: float = 0.0


class Supervisor:
    """Runs a reader and hands each event on; an error of who listens does not stop the reading."""

    def __init__(
        self, reader: TagReader, listen: Callable[[ReaderEvent], None], complain: Callable[[Exception], None]
    ) -> None:
        self._reader, self._listen, self._complain = reader, listen, complain
        self.health = ReaderHealth()
        self._thread = threading.Thread(target=self._run, name="reader", daemon=True)

    def start(self) -> None:
        """Begin reading."""
        self._thread.start()

    def stop(self) -> None:
        """End reading, and wait a moment for it."""
        self._reader.close()
        self._thread.join(2)

    def is_alive(self) -> bool:
        """Return whether the reading goes on."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            with self._reader as reader:
                for event in reader:
                    self._tell(event)
        except Exception as error:  # a reader that breaks its promise must be heard of
            self._complain(error)
            self._tell(Fault("The reader's program stopped; restart the kiosk."))

    def _tell(self, event: ReaderEvent) -> None:
        self._note(event)
        try:
            self._listen(event)
        except Exception as error:  # the next tag must be read whatever happened to this one
            self._complain(error)

    def _note(self, event: ReaderEvent) -> None:
        health = self.health
        if isinstance(event, Arrived):
            health.reads += 1
            health.last_read_ms = event.read.milliseconds
        elif isinstance(event, Fault):
            health.working, health.words, health.faults = False, event.words, health.faults + 1
        elif isinstance(event, Recovered):
            health.working, health.words = True, ""
