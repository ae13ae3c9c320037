"""Watches over one reader: a thread of its own, a watchdog, and a record of how it does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack

from hardware.fault import ReaderFault
from hardware.health import HealthRecord, ReaderHealth
from hardware.reader import Fault, ReaderEvent, Recovered, TagReader

WATCH_SECONDS = 1.0
PATIENCE = 8
"""Watches in a row without one finished look after which a reader counts as hanging."""

MOST_LEFT = 3
"""Hanging threads left behind before no more are begun: then only a restart of the program helps."""


class Supervisor:
    """Runs a reader and hands each event on; an error of who listens does not stop the reading.

    The reader opens a new radio after every fault by itself. Where it makes no progress at all, because a driver
    never returns, the supervisor says so and iterates it anew in a new thread; the old thread ends when its driver
    lets go of it. `health` is a snapshot; `clock` counts seconds. One supervisor per reader, any number at once.
    """

    def __init__(
        self,
        reader: TagReader,
        listen: Callable[[ReaderEvent], None],
        complain: Callable[[Exception], None],
        *,
        clock: Callable[[], float],
        watch_seconds: float = WATCH_SECONDS,
    ) -> None:
        self._reader, self._listen, self._complain = reader, listen, complain
        self._record, self._watch_seconds = HealthRecord(clock), watch_seconds
        self._telling, self._stopping = threading.Lock(), threading.Event()
        self._given_up, self._opened = False, ExitStack()
        self._left: list[threading.Thread] = []
        self._thread = self._new_thread()
        self._watchdog = threading.Thread(target=self._watch, name="reader-watchdog", daemon=True)

    @property
    def health(self) -> ReaderHealth:
        """Return how the reader does now."""
        return self._record.now(self._reader.vitals, running=self.is_alive())

    def start(self) -> None:
        """Begin reading."""
        self._opened.enter_context(self._reader)
        self._thread.start()
        self._watchdog.start()

    def stop(self) -> None:
        """End reading, and wait a moment for it."""
        self._stopping.set()
        self._opened.close()
        self._thread.join(2)

    def is_alive(self) -> bool:
        """Return whether the reading goes on."""
        return self._thread.is_alive()

    def _new_thread(self) -> threading.Thread:
        return threading.Thread(target=self._run, name="reader", daemon=True)

    def _run(self) -> None:
        try:
            for event in self._reader:
                if threading.current_thread() is not self._thread:  # given up: another thread reads
                    return
                self._tell(event)
        except Exception as error:  # a reader that breaks its promise must be heard of
            self._complain(error)
            self._give_up(ReaderFault.PROGRAM_STOPPED)

    def _watch(self) -> None:
        seen, quiet = self._reader.vitals.looks, 0
        while not self._stopping.wait(self._watch_seconds):
            looks = self._reader.vitals.looks
            quiet = 0 if looks is None or looks != seen or self._telling.locked() else quiet + 1
            if self._given_up and looks != seen and self.is_alive():
                self._given_up = False
                self._tell(Recovered())
            elif self._given_up and not self.is_alive():
                self._begin_anew()
            elif quiet >= PATIENCE:
                quiet = 0
                self._give_up(ReaderFault.HANGS)
                self._begin_anew()
            seen = looks

    def _begin_anew(self) -> None:
        self._left = [thread for thread in [*self._left, self._thread] if thread.is_alive()]
        if len(self._left) <= MOST_LEFT and not self._stopping.is_set():
            self._thread = self._new_thread()
            self._thread.start()

    def _give_up(self, fault: ReaderFault) -> None:
        if not self._given_up:
            self._given_up = True
            self._tell(Fault(fault))

    def _tell(self, event: ReaderEvent) -> None:
        with self._telling:
            self._record.note(event)
            try:
                self._listen(event)
            except Exception as error:  # the next tag must be read whatever happened to this one
                self._complain(error)
