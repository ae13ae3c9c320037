"""What was shown from memory and will soon be too old to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from server.taps.rules import Meaning


@dataclass(slots=True)
class Ageing:
    """Meanings by the keys of their cards, and the products of tiles."""

    cards: dict[str, Meaning] = field(default_factory=dict)
    tiles: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        """Return whether there is anything."""
        return bool(self.cards or self.tiles)

    def __ior__(self, other: Ageing) -> Ageing:
        """Add what another noted."""
        self.cards |= other.cards
        self.tiles |= other.tiles
        return self

    def pieces(self, size: int) -> Iterator[Ageing]:
        """Yield it in pieces of so many products (or signs), in which a product's cards and tile stay together."""
        goods = sorted({meaning.product_id or key for key, meaning in self.cards.items()} | self.tiles)
        for begin in range(0, len(goods), size):
            some = set(goods[begin : begin + size])
            cards = {key: meaning for key, meaning in self.cards.items() if (meaning.product_id or key) in some}
            yield Ageing(cards, self.tiles & some)
