"""Cards, tiles and a store's stock made anew on a thread of its own, before taps have to wait for it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.exc import SQLAlchemyError

from server.taps.ageing import Ageing
from server.taps.memory import Counter, Memory, Shelf
from server.taps.reading import MovedOn, Reading

log = logging.getLogger(__name__)

AT_ONCE = 16
"""Products whose cards and tiles are made with the same questions to the database: the more, the less each costs,
and the longer taps share the interpreter."""

PAUSE_SECONDS = 0.05
"""Between them, for the taps."""


class Renewing:
    """Renews what answers were made from, where that has aged. Safe for many threads."""

    def __init__(self, memory: Memory, pause: Callable[[float], None] = time.sleep) -> None:
        self._memory, self._pause = memory, pause
        self._waiting: dict[str, Ageing] = {}
        self._noting = threading.Lock()
        self._thread = ThreadPoolExecutor(1, "renewing")

    def look_after(self, reading: Reading) -> None:
        """Have renewed what has aged of what was read; costs next to nothing where nothing has."""
        if not reading.ageing and self._memory.now() < reading.counter.ages:
            return
        with self._noting:
            begun = reading.store_id in self._waiting
            noted = self._waiting.setdefault(reading.store_id, Ageing())
            noted |= reading.ageing
        if not begun:
            self._thread.submit(self._renew, reading.store_id)

    def _renew(self, store_id: str) -> None:
        with self._noting:
            noted = self._waiting.pop(store_id)
        try:
            counter = self._memory.renew(store_id)
            for piece in self._still_aged(noted, counter).pieces(AT_ONCE):
                with Reading(self._memory, store_id, counter) as reading:
                    reading.make(piece.cards.values(), piece.tiles)
                self._pause(PAUSE_SECONDS)
        except MovedOn:
            return  # the shop has changed: what was held is no longer asked for
        except SQLAlchemyError:
            log.warning("the database is away; what is in memory goes on for as long as it may")
        except Exception:
            log.exception("what is in memory could not be renewed; it goes on for as long as it may")

    def _still_aged(self, noted: Ageing, counter: Counter) -> Ageing:
        """Return what was not renewed since it was noted."""
        now = self._memory.now()

        def aged(shelf: Shelf, key: str) -> bool:
            held = shelf.get(key)
            return held is not None and held.ages <= now

        return Ageing(
            {key: meaning for key, meaning in noted.cards.items() if aged(counter.cards, key)},
            {product_id for product_id in noted.tiles if aged(counter.tiles, product_id)},
        )
