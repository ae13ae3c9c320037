"""What goes on behind the screen: waiting taps delivered, the shelf and its pictures fetched, heartbeats."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from datetime import datetime

from kiosk.agent import Agent
from kiosk.errors import Away, TapRefused, TooMuch
from kiosk.health import heartbeat
from kiosk.outbox import Letter
from server.wire import Tap, VisitEnd

log = logging.getLogger("shelftalker.kiosk")

MOST_TAPS = 200
SHORTEST_WAIT, LONGEST_WAIT = 1.0, 60.0
SHELF_EVERY, BEAT_EVERY, DRAIN_EVERY = 15.0, 30.0, 2.0


class Sync:
    """Three tasks, each on a thread of its own until `stop`; each can also be done once by its name."""

    def __init__(self, agent: Agent, *, now: Callable[[], datetime], chance: random.Random, boot_id: str) -> None:
        self._agent, self._now, self._chance, self._boot_id = agent, now, chance, boot_id
        self._stopped = threading.Event()
        self.reader_state: Callable[[], tuple[bool, str]] = lambda: (True, "")

    def start(self) -> None:
        """Begin."""
        tasks = (
            (self.drain_all, DRAIN_EVERY),
            (self.fetch_shelf, SHELF_EVERY),
            (self.beat, BEAT_EVERY),
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
            except Exception as error:
                log.warning("%s: %s", task.__name__, error)
                wait = min(LONGEST_WAIT, every * 2)
            self._stopped.wait(wait)

    def drain_all(self) -> None:
        """Deliver everything that waits, the oldest first; raises `Away` where the server is."""
        now_ms = int(self._now().timestamp() * 1000)
        while letters := self._agent.outbox.waiting("tap", MOST_TAPS):
            fresh = [one for one in letters if now_ms - one.written_ms > 3000 or self._agent.state().offline_since]
            if not fresh:
                break  # the live answer is on its way
            self._deliver(fresh)
            self._agent.reached()
        for letter in self._agent.outbox.waiting("visit_end", MOST_TAPS):
            try:
                self._agent.client.end_visit(VisitEnd.model_validate_json(letter.body))
                self._agent.outbox.settle([letter.id], now_ms=now_ms)
            except TapRefused as error:
                self._agent.outbox.refuse(letter.id, str(error), now_ms=now_ms)
        self._agent.outbox.forget_old(now_ms=now_ms)

    def _deliver(self, letters: list[Letter]) -> None:
        """Send letters in one batch; where it is too much, in halves, until one bad tap stands alone."""
        now_ms = int(self._now().timestamp() * 1000)
        taps = [self._aged(letter, now_ms) for letter in letters]
        try:
            answer = self._agent.client.send_batch(taps)
        except (TooMuch, TapRefused) as error:
            if len(letters) == 1:
                self._agent.outbox.refuse(letters[0].id, str(error) or "too large", now_ms=now_ms)
                return
            half = len(letters) // 2
            self._deliver(letters[:half])
            self._deliver(letters[half:])
            return
        ours = {letter.id for letter in letters}
        had = {str(tap_id) for tap_id in (*answer.accepted, *answer.duplicates)}
        self._agent.outbox.settle(ours & had, now_ms=now_ms)
        for refusal in answer.refused:
            if refusal.tap_id is not None and str(refusal.tap_id) in ours:
                self._agent.outbox.refuse(str(refusal.tap_id), refusal.detail, now_ms=now_ms)

    def _aged(self, letter: Letter, now_ms: int) -> Tap:
        tap = Tap.model_validate_json(letter.body)
        return tap.model_copy(update={"age_ms": max(0, now_ms - letter.written_ms)})

    def fetch_shelf(self) -> None:
        """Fetch a newer shelf if there is one, and the pictures not here yet."""
        held = self._agent.shelf
        known = -1 if held.stale(self._now()) else held.revision
        shelf = self._agent.client.shelf(known)
        if not shelf.unchanged:
            held.take(shelf)
            self._agent.restocked()
        self._agent.reached()
        for name in held.missing_pictures():
            held.keep_picture(name, self._agent.client.picture(name))

    def beat(self) -> None:
        """Tell the server how the kiosk is."""
        working, words = self.reader_state()
        self._agent.client.beat(heartbeat(self._agent, boot_id=self._boot_id, working=working, words=words))
