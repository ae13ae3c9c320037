"""What taps need, held in each process: meanings, cards and tiles as bytes, dropped when the shop changes.

What a store has in stock is no change of the shop: everything that shows it is read again after a minute, each
card and tile a minute after it was made.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.db import revision_of, snapshot
from server.promotions import cards
from server.promotions.sizes import InSize
from server.recommendations.rules import NO_WISHES, ReasonKind, Wishes
from server.recommendations.wishes import wishes_of
from server.taps.queries import Asked, meanings
from server.taps.rules import Meaning
from server.wire import Text

Key = TypeVar("Key")
Value = TypeVar("Value")
Shelf = OrderedDict[str, "Prepared"]

ROOM = 20_000
"""Cards and tiles kept for one store; what was asked longest ago goes first."""

STOCK_BELIEVED = timedelta(seconds=60)
RENEWED_AFTER = timedelta(seconds=45)
"""What is asked for when it is older than this is made anew aside, before it is no longer believed."""


class NotAtHand(Exception):
    """Raised when the database would have to be asked where nobody may wait for it."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A card as bytes of JSON, true until a moment, best made anew after `ages`; and what is said beside it."""

    json: bytes
    true_until: datetime
    ages: datetime
    reduced: bool = False
    offered: bool = False


@dataclass(slots=True)
class Counter:
    """What one store's taps need, all of one revision of the shop."""

    revision: int
    until: datetime
    ages: datetime
    allowed: frozenset[str] = frozenset()
    wishes: Wishes = NO_WISHES
    meanings: OrderedDict[Asked, Meaning] = field(default_factory=OrderedDict)
    cards: OrderedDict[str, Prepared] = field(default_factory=OrderedDict)
    tiles: OrderedDict[str, Prepared] = field(default_factory=OrderedDict)
    names: dict[str, Text] = field(default_factory=dict)
    in_size: dict[str, InSize] = field(default_factory=dict)
    reasons: dict[tuple[ReasonKind, str | None], bytes] = field(default_factory=dict)


class Memory:
    """Answers from memory, and from the database what it does not hold. Safe for many threads."""

    def __init__(self, engine: Engine, now: Callable[[], datetime], trusted_hosts: Sequence[str]) -> None:
        self.engine, self.now, self._hosts = engine, now, trusted_hosts
        self._stores: dict[str, Counter] = {}
        self._turns: dict[str, threading.RLock] = {}
        self._may_ask = True

    def at_hand(self) -> Memory:
        """Return the same memory for where nobody may wait: it raises `NotAtHand` rather than ask the database."""
        hasty = copy(self)
        hasty._may_ask = False
        return hasty

    @contextmanager
    def database(self) -> Iterator[Session]:
        """Give a session that sees one committed state."""
        self._check_may_ask()
        with snapshot(self.engine) as session:
            yield session

    def _check_may_ask(self) -> None:
        if not self._may_ask:
            raise NotAtHand

    def turn(self, store_id: str) -> threading.RLock:
        """Return what is held while a store is read: of many taps that want the same thing, one reads it."""
        self._check_may_ask()
        return self._turns.setdefault(store_id, threading.RLock())

    def counter(self, store_id: str, revision: int | None = None) -> Counter:
        """Return the store's counter; a fresh one where its stock is old or `revision` is newer than it."""
        held = self._good(store_id, revision or 0)
        if held is not None:
            return held
        with self.turn(store_id):
            held = self._good(store_id, revision or 0)
            if held is None:
                with self.database() as session:
                    held = self.open(session, store_id, revision_of(session, store_id))
            return held

    def renew(self, store_id: str) -> Counter:
        """Return the store's counter, with its stock read anew where that has aged."""
        with self.turn(store_id):
            held = self._stores.get(store_id)
            if held is None or held.ages <= self.now():
                with self.database() as session:
                    held = self.open(session, store_id, revision_of(session, store_id))
            return held

    def _good(self, store_id: str, revision: int) -> Counter | None:
        held = self._stores.get(store_id)
        return held if held is not None and self.now() < held.until and revision <= held.revision else None

    def open(self, session: Session, store_id: str, revision: int) -> Counter:
        """Return a counter with the stock the session sees, and keep it; else all is as of the revision."""
        now, before = self.now(), self._stores.get(store_id)
        in_stock = cards.in_stock(session, store_id, now)
        wishes = wishes_of(session, store_id, in_stock=in_stock, now=now)
        allowed = in_stock - wishes.blocked
        if before is not None and before.allowed == allowed:
            allowed = before.allowed  # the same object: what is remembered for it is found without comparing all
        opened = Counter(revision, now + STOCK_BELIEVED, now + RENEWED_AFTER, allowed, wishes)
        if before is not None and before.revision == revision:
            opened = replace(
                before, until=opened.until, ages=opened.ages, allowed=allowed, wishes=wishes, in_size={}
            )
        self._stores[store_id] = opened
        return opened

    def meanings(self, counter: Counter, store_id: str, asked: Sequence[Asked]) -> list[Meaning]:
        """Return what each tap means, in order."""
        missing = {one for one in asked if one not in counter.meanings}
        if missing:
            with self.database() as session:
                found = meanings(session, store_id, missing, trusted_hosts=self._hosts)
            keep(counter.meanings, found)
            return [found[one] if one in found else counter.meanings[one] for one in asked]
        return [counter.meanings[one] for one in asked]


def still_true(shelf: Shelf, key: str, now: datetime) -> Prepared | None:
    """Return what is kept under a key, where it is true at that moment."""
    held = shelf.get(key)
    return held if held is not None and now < held.true_until else None


def keep(shelf: OrderedDict[Key, Value], values: Mapping[Key, Value]) -> None:
    """Keep values; where there is no room, what came first goes."""
    shelf.update(values)
    while len(shelf) > ROOM:
        shelf.popitem(last=False)
