"""One answer's look into the shop: from memory, else from the database, and always of one committed state."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic_core import to_json
from sqlalchemy.orm import Session

from server.access.queries import store_row
from server.catalogue.queries import names
from server.db import revision_of
from server.promotions import evidence
from server.promotions.sizes import InSize, in_size_of
from server.taps.ageing import Ageing
from server.taps.making import Made, make
from server.taps.memory import Counter, Memory, Prepared, keep, still_true
from server.taps.rules import Meaning
from server.wire import Text, UnknownCard

Answer = TypeVar("Answer")
UNKNOWN = to_json(UnknownCard())


class MovedOn(Exception):
    """Raised when the shop has changed since the counter was opened: what was taken from it is another state's."""


def told(begun: Reading, tell: Callable[[Reading], Answer]) -> Answer:
    """Return what `tell` makes of one committed state of the shop: that of the reading's counter, or a newer one.

    `tell` is called a second time where the shop has changed meanwhile.
    """
    with begun as reading:
        try:
            return tell(reading)
        except MovedOn:
            return tell(reading)


@dataclass(slots=True)
class Reading:
    """What one answer is made from: a counter, and the database in the counter's state where something is missing.

    What is made goes into memory only once the evidence of its prices is kept. What was taken from there and will
    soon be too old is noted in `ageing`.
    """

    memory: Memory
    store_id: str
    counter: Counter
    ageing: Ageing = field(default_factory=Ageing)
    _open: ExitStack = field(default_factory=ExitStack)
    _session: Session | None = None
    _made: list[tuple[Counter, Made]] = field(default_factory=list)

    def __enter__(self) -> Reading:
        """Begin with what is in memory."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Keep the evidence, then let others have what was made."""
        with self._open:
            if self._session is not None:
                self._session.close()
            if kind is None:
                evidence.keep(self.memory.engine, [one for _, made in self._made for one in made.shown])
                for counter, made in self._made:
                    keep(counter.cards, made.cards)
                    keep(counter.tiles, made.tiles)

    def card(self, meaning: Meaning) -> bytes:
        """Return the card of a meaning as JSON, true at this moment."""
        if not meaning.card:
            return UNKNOWN
        now = self.memory.now()
        held = still_true(self.counter.cards, meaning.card, now)
        if held is None:
            self._database()
            held = still_true(self.counter.cards, meaning.card, self.memory.now())
            held = held or self.make([meaning], ()).cards[meaning.card]
        elif held.ages <= now:
            self.ageing.cards[meaning.card] = meaning
        return held.json

    def tiles(self, product_ids: Sequence[str]) -> dict[str, Prepared]:
        """Return open-ended tiles (JSON without reason and closing brace) of those products that exist, by id."""
        found = self._tiles_held(product_ids)
        if len(found) < len(product_ids):
            self._database()
            found = self._tiles_held(product_ids)
            found |= self.make((), [one for one in product_ids if one not in found]).tiles
        return found

    def _tiles_held(self, product_ids: Sequence[str]) -> dict[str, Prepared]:
        now, shelf = self.memory.now(), self.counter.tiles
        found = {p: held for p in product_ids if (held := still_true(shelf, p, now)) is not None}
        self.ageing.tiles.update(p for p, held in found.items() if held.ages <= now)
        return found

    def make(self, meanings: Collection[Meaning], tiles: Collection[str]) -> Made:
        """Return cards and tiles made anew."""
        session = self._database()
        made = make(session, store_row(session, self.store_id), meanings, tiles=tiles, now=self.memory.now())
        self._made.append((self.counter, made))
        return made

    def in_size_of(self, code: str) -> InSize:
        """Return what of a variant's family one can buy here in its size, at the counter's moment."""
        held = self.counter.in_size
        if code not in held:
            held[code] = in_size_of(self._database(), self.store_id, code, now=self.memory.now())
        return held[code]

    def name(self, product_id: str) -> Text:
        """Return a product's name in every language."""
        if product_id not in self.counter.names:
            self.counter.names.update(names(self._database(), [product_id]))
        return self.counter.names.get(product_id, {"en": product_id})

    def _database(self) -> Session:
        """Return a session in the counter's state; raises `MovedOn`, once, where there is none any more."""
        if self._session is None:
            self._open.enter_context(self.memory.turn(self.store_id))
            self._session = self._open.enter_context(self.memory.database())
            revision = revision_of(self._session, self.store_id)
            if revision != self.counter.revision:
                self.counter = self.memory.open(self._session, self.store_id, revision)
                raise MovedOn
        return self._session
