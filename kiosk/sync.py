"""What goes on behind the screen: waiting taps delivered, the shelf and its pictures fetched, heartbeats."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from datetime import datetime

from kiosk.agent import Agent
from kiosk.drain import Drain
from kiosk.errors import Away, KeyRefused, KioskError
from kiosk.health import heartbeat
from server.wire import Heartbeat, ReaderRecord

log = logging.getLogger("shelftalker.kiosk")

SHORTEST_WAIT, LONGEST_WAIT = 1.0, 60.0
KEY_ASKED_AGAIN = 5.0
SHELF_EVERY, BEAT_EVERY, DRAIN_EVERY, LOOK_EVERY = 15.0, 30.0, 2.0, 1.0


class Sync:
    """Four tasks, each on a thread of its own until `stop`; each can also be done once by its name."""

    def __init__(self, agent: Agent, *, now: Callable[[], datetime], chance: random.Random, boot_id: str) -> None:
        self._agent, self._now, self._chance, self._boot_id = agent, now, chance, boot_id
        self._stopped = threading.Event()
        self.readers: Callable[[], tuple[ReaderRecord, ...]] = tuple

    def start(self) -> None:
        """Begin."""
        tasks = (
            (self.drain_all, DRAIN_EVERY),
            (self.fetch_shelf, SHELF_EVERY),
            (self.beat, BEAT_EVERY),
            (self._agent.carrying.look, LOOK_EVERY),
        )
        for task, every in tasks:
            threading.Thread(target=self._repeat, args=(task, every), name=task.__name__, daemon=True).start()

    def stop(self) -> None:
        """End all tasks."""
        self._stopped.set()

    def _repeat(self, task: Callable[[], None], every: float) -> None:
        failures = 0
        while not self._stopped.is_set():
            try:
                task()
                failures, wait = 0, every * self._chance.uniform(0.8, 1.2)
            except Away as error:
                failures += 1
                self._agent.unreachable()
                ceiling = min(LONGEST_WAIT, SHORTEST_WAIT * 2**failures)
                wait = max(error.retry_after, self._chance.uniform(0, ceiling), 0.2)
            except KeyRefused as error:
                self._agent.out_of_service(str(error))
                wait = KEY_ASKED_AGAIN
            except Exception as error:
                log.warning("%s: %s", task.__name__, error)
                wait = min(LONGEST_WAIT, every * 2)
            self._stopped.wait(wait)

    def drain_all(self) -> None:
        """Deliver everything that waits, the oldest first; raises `Away` where the server is."""
        Drain(self._agent, self._now).all()

    def fetch_shelf(self) -> None:
        """Fetch a newer shelf if there is one, and the pictures not here yet."""
        held = self._agent.shelf
        known = -1 if held.stale(self._agent.clock.now()) else held.revision
        shelf = self._agent.client.shelf(known)
        if not shelf.unchanged:
            held.take(shelf)
        self._agent.clock.heard(shelf.server_time)
        self._agent.restocked()
        self._agent.reached()
        for name in held.missing_pictures():
            try:
                held.keep_picture(name, self._agent.client.picture(name))
            except (KioskError, OSError) as error:  # one picture holds up no other
                log.warning("no picture %s: %s", name, error)

    def beat(self) -> None:
        """Tell the server how the kiosk is."""
        self._agent.client.beat(self.heartbeat())

    def heartbeat(self) -> Heartbeat:
        """Return how the kiosk is."""
        return heartbeat(self._agent, self.readers(), boot_id=self._boot_id)
