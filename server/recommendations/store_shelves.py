"""What is kept of each store within a stated room of memory: who asked longest ago goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from recommender.arrangement import Wishes
from recommender.shop_model import ShopModel

REMEMBERED = 8
"""Prices of a store, as they were and will be, whose wishes are kept: lists are remembered for them."""

MOST_BYTES = 256 * 2**20
"""Room for the wishes of all stores of a process. They take 16 bytes a product and change of prices: with four
changes each there is room for 4,000 stores of 1,000 products, or 200 of 20,000."""


@dataclass(frozen=True, slots=True)
class Page:
    """Wishes that hold in `[since, until)`."""

    since: datetime
    until: datetime
    wishes: Wishes


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of a model and of prices, which their digest stands for."""

    model: ShopModel
    prices: bytes
    wishes: Wishes


@dataclass(slots=True)
class StoreShelf:
    """One store's: `pages` of a model at a revision, read at a moment; `made`, what they were made from."""

    model: ShopModel | None = None
    revision: int = 0
    read_at: datetime | None = None
    pages: tuple[Page, ...] = ()
    made: deque[Made] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    @property
    def size(self) -> int:
        """Return the bytes of its wishes."""
        arrays = (array for one in list(self.made) for array in (one.wishes.boost, one.wishes.log_prices))
        return sum(array.nbytes for array in arrays if array is not None)


class StoreShelves:
    """The shelves of the stores that asked lately, in `most` bytes. Safe for many threads."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._turn = threading.Lock()
        self._held: OrderedDict[str, StoreShelf] = OrderedDict()

    def of(self, store_id: str) -> StoreShelf:
        """Return a store's shelf, an empty one where it has none; it has asked just now."""
        with self._turn:
            held = self._held.get(store_id)
            if held is None:
                held = self._held[store_id] = StoreShelf()
            else:
                self._held.move_to_end(store_id)
            return held

    def lately(self) -> dict[str, StoreShelf]:
        """Return all shelves, of who asked last first."""
        with self._turn:
            return dict(reversed(self._held.items()))

    def make_room(self, keep: Callable[[Made], bool] = lambda _: True) -> None:
        """Let go of what is not to be kept, then of who asked longest ago until the rest fits in; one stays."""
        last_first = self.lately()
        for shelf in last_first.values():
            if not all(map(keep, list(shelf.made))):
                shelf.made = deque(filter(keep, list(shelf.made)), maxlen=REMEMBERED)
        sizes = {store_id: shelf.size for store_id, shelf in last_first.items()}
        too_much = sum(sizes.values()) - self._most
        while too_much > 0 and len(sizes) > 1:
            store_id, size = sizes.popitem()
            too_much -= size
            with self._turn:
                self._held.pop(store_id, None)
