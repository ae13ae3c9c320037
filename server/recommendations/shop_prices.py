"""What goods cost in a store for a while, and which of them are reduced or part of an offer. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from pydantic_core import to_json


@dataclass(frozen=True, slots=True, eq=False)
class ShopPrices:
    """Prices by product, in the store's smallest coin, and what is announced as reduced, true in `[since, until)`.

    `offered` are those that are part of an offer with a condition that anyone can meet.

    Compared by identity: what is made for them is found again.
    """

    prices: Mapping[str, int]
    reduced: frozenset[str]
    since: datetime
    until: datetime
    offered: frozenset[str] = frozenset()

    def says_the_same(self, other: ShopPrices) -> bool:
        """Return whether both put every list in the same order."""
        return (self.reduced, self.offered, self.prices) == (other.reduced, other.offered, other.prices)

    def digest(self) -> bytes:
        """Return what is the same for all that `says_the_same`, and takes no room."""
        told = to_json([sorted(self.prices.items()), sorted(self.reduced), sorted(self.offered)])
        return blake2b(told, digest_size=16).digest()

    def of(self, products: Container[str]) -> ShopPrices:
        """Return the prices of these products alone."""
        prices = {product: price for product, price in self.prices.items() if product in products}
        reduced, offered = (some.intersection(prices) for some in (self.reduced, self.offered))
        return ShopPrices(prices, reduced, self.since, self.until, offered)


Priced = tuple[str, tuple[int, bool] | None, datetime, bool]
"""A product, its price if it has one and whether that is announced as reduced, until when, and whether it is
part of an offer."""


def shop_prices(found: Iterable[Priced], *, at: datetime, until: datetime) -> ShopPrices:
    """Return what is `found` at a moment, true as long as none of it changes and no longer than `until`."""
    prices, reduced, offered = {}, set(), set()
    for product, price, changes, in_offer in found:
        until = min(until, changes)
        if price is not None:
            prices[product], is_reduced = price
            if is_reduced:
                reduced.add(product)
            if in_offer:
                offered.add(product)
    return ShopPrices(prices, frozenset(reduced), at, until, frozenset(offered))
