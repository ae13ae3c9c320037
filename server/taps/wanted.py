"""Cards and tiles that are to be made: missing now, or soon too old."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from server.taps.rules import Meaning


@dataclass(slots=True)
class Wanted:
    """Meanings by the keys of their cards, and the products of tiles."""

    cards: dict[str, Meaning] = field(default_factory=dict)
    tiles: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        """Return whether there is anything."""
        return bool(self.cards or self.tiles)

    def __ior__(self, other: Wanted) -> Wanted:
        """Add what another noted."""
        self.cards |= other.cards
        self.tiles |= other.tiles
        return self

    def only(self, card: Callable[[str], bool], tile: Callable[[str], bool]) -> Wanted:
        """Return those whose keys are so."""
        cards = {key: meaning for key, meaning in self.cards.items() if card(key)}
        return Wanted(cards, {product_id for product_id in self.tiles if tile(product_id)})

    def pieces(self, size: int) -> Iterator[Wanted]:
        """Yield it in pieces of so many products (or signs), in which a product's cards and tile stay together."""
        goods = sorted({meaning.product_id or key for key, meaning in self.cards.items()} | self.tiles)
        for begin in range(0, len(goods), size):
            some = set(goods[begin : begin + size])
            cards = {key: meaning for key, meaning in self.cards.items() if (meaning.product_id or key) in some}
            yield Wanted(cards, self.tiles & some)
