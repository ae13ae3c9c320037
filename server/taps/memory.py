"""What taps need, held in each process: meanings, cards and tiles as bytes, dropped when the shop changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from pydantic_core import to_json
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.access.models import Store
from server.access.queries import store as find_store
from server.catalogue.queries import names
from server.db import CHAIN, Revision
from server.promotions import cards
from server.taps.queries import Asked, meanings
from server.taps.rules import Meaning
from server.wire import Text, UnknownCard

Key = TypeVar("Key")
Value = TypeVar("Value")

ROOM = 20_000
"""Cards and tiles kept for one store; what was asked longest ago goes first."""

STOCK_BELIEVED = timedelta(seconds=60)
UNKNOWN = to_json(UnknownCard())


@dataclass(frozen=True, slots=True)
class Prepared:
    """A card as bytes of JSON, true until a moment."""

    json: bytes
    true_until: datetime


@dataclass(slots=True)
class Counter:
    """What one store's taps need, all of one revision of the shop."""

    revision: int
    until: datetime
    allowed: frozenset[str] = frozenset()
    meanings: OrderedDict[Asked, Meaning] = field(default_factory=OrderedDict)
    cards: OrderedDict[str, Prepared] = field(default_factory=OrderedDict)
    tiles: OrderedDict[str, Prepared] = field(default_factory=OrderedDict)
    names: dict[str, Text] = field(default_factory=dict)
    preparing: threading.Lock = field(default_factory=threading.Lock)
    """Held while a card or tile is made: of many taps that want the same one, one makes it and the others wait."""


class Memory:
    """Answers from memory, and from the database what it does not hold. Safe for many threads."""

    def __init__(self, engine: Engine, now: Callable[[], datetime], trusted_hosts: Sequence[str]) -> None:
        self._engine, self._now, self._hosts = engine, now, trusted_hosts
        self._stores: dict[str, Counter] = {}
        self._reading = threading.Lock()

    def counter(self, store_id: str, revision: int | None = None) -> Counter:
        """Return the store's counter; a fresh one where its stock is old or `revision` is newer than it."""
        held = self._stores.get(store_id)
        if held is not None and self._now() < held.until and (revision is None or revision <= held.revision):
            return held
        with self._reading, Session(self._engine) as session:
            held = self._stores.get(store_id)
            if held is None or self._now() >= held.until or (revision or 0) > held.revision:
                held = self._open(session, store_id, held)
                self._stores[store_id] = held
            return held

    def _open(self, session: Session, store_id: str, before: Counter | None) -> Counter:
        now = self._now()
        numbers = session.scalars(select(Revision.number).where(Revision.scope.in_([store_id, CHAIN])))
        revision = sum(numbers)  # read first: what changes meanwhile makes the next tap read again
        allowed = cards.in_stock(session, store_id, now)
        if before is not None and before.allowed == allowed:
            allowed = before.allowed  # the same object: what is remembered for it is found without comparing all
        return Counter(revision, now + STOCK_BELIEVED, allowed)

    def meanings(self, counter: Counter, store_id: str, asked: Sequence[Asked]) -> list[Meaning]:
        """Return what each tap means, in order."""
        missing = {one for one in asked if one not in counter.meanings}
        if missing:
            with Session(self._engine) as session:
                found = meanings(session, store_id, missing, trusted_hosts=self._hosts)
            for one, meaning in found.items():
                _keep(counter.meanings, one, meaning)
            return [found[one] if one in found else counter.meanings[one] for one in asked]
        return [counter.meanings[one] for one in asked]

    def card(self, counter: Counter, store_id: str, meaning: Meaning) -> bytes:
        """Return the card of a meaning as JSON, true at this moment."""
        if not meaning.known:
            return UNKNOWN
        held, now = counter.cards.get(meaning.card), self._now()
        if held is not None and now < held.true_until:
            return held.json
        with counter.preparing:
            held = counter.cards.get(meaning.card)
            if held is None or now >= held.true_until:
                with Session(self._engine) as session:
                    held = _prepare_card(session, find_store(session, store_id), meaning, now=now)
                _keep(counter.cards, meaning.card, held)
        return held.json

    def tiles(self, counter: Counter, store_id: str, product_ids: Sequence[str]) -> list[bytes]:
        """Return open-ended tiles (JSON without reason and closing brace) of those products that exist."""
        now = self._now()
        if _not_held(counter.tiles, product_ids, now):
            with counter.preparing:
                missing = _not_held(counter.tiles, product_ids, now)
                if missing:
                    self._prepare_tiles(counter, store_id, missing, now=now)
        return [kept.json for p in product_ids if (kept := counter.tiles.get(p)) is not None]

    def _prepare_tiles(
        self, counter: Counter, store_id: str, product_ids: Sequence[str], *, now: datetime
    ) -> None:
        with Session(self._engine) as session:
            found = cards.tiles(session, find_store(session, store_id), product_ids, now=now)
        for product_id, tile in found.items():
            body = to_json(tile.model_dump(exclude={"reason", "reason_kind"}))[:-1]
            _keep(counter.tiles, product_id, Prepared(body, now + STOCK_BELIEVED))

    def name(self, counter: Counter, product_id: str) -> Text:
        """Return a product's name in every language."""
        if product_id not in counter.names:
            with Session(self._engine) as session:
                counter.names.update(names(session, [product_id]))
        return counter.names.get(product_id, {"en": product_id})


def _prepare_card(session: Session, store: Store, meaning: Meaning, *, now: datetime) -> Prepared:
    if meaning.sign_id:
        sign = cards.sign_cards(session, store, [meaning.sign_id], now=now)[meaning.sign_id]
        return Prepared(to_json(sign), sign.true_until)
    key = (str(meaning.product_id), meaning.gtin)
    card = cards.product_cards(session, store, [key], now=now, keep=True)[meaning.card]
    return Prepared(to_json(card), card.true_until)


def _not_held(shelf: OrderedDict[str, Prepared], keys: Sequence[str], now: datetime) -> list[str]:
    return [key for key in keys if (held := shelf.get(key)) is None or now >= held.true_until]


def _keep(shelf: OrderedDict[Key, Value], key: Key, value: Value | None) -> None:
    if value is None:
        return
    shelf[key] = value
    while len(shelf) > ROOM:
        shelf.popitem(last=False)
