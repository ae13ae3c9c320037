"""The list a shopper keeps, at home or on the phone, as the timeline tells. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.timeline.models import Event, EventKind

OFF = frozenset(
    {
        EventKind.PRODUCT_REMOVED_FROM_WISHLIST,
        EventKind.WISHLIST_PRODUCT_ADDED_TO_CART,
        EventKind.ORDER_COMPLETED,
    }
)
"""Kinds that take off the list what they name: what was bought is no longer wished for."""

KINDS = frozenset({EventKind.PRODUCT_ADDED_TO_WISHLIST, *OFF})
"""All the kinds that change a list."""


@dataclass(frozen=True, slots=True)
class Wished:
    """A product on the list, and which variant of it, where that was said: a SKU or GTIN."""

    product_id: str
    sku: str = ""

    def meets(self, other: Wished) -> bool:
        """Return whether both may mean the same: who names no variant means any."""
        return self.product_id == other.product_id and (self.sku == other.sku or "" in {self.sku, other.sku})


def wish_list(ordered: Iterable[Event], begun: Iterable[str] = ()) -> tuple[Wished, ...]:
    """Return the list after these events, the newest first; `begun` are the products it began with."""
    listed = [Wished(product_id) for product_id in begun]
    for event in ordered:
        named = _named(event)
        listed = [one for one in listed if not any(one.meets(other) for other in named)]
        if event.kind not in OFF:
            listed += named
    return tuple(reversed(listed))


def _named(event: Event) -> list[Wished]:
    if event.kind not in KINDS:
        return []
    told = [event.properties] if event.product_id else event.properties.get("products")
    lines = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    named = [(event.product_id or line.get("product_id"), line.get("sku")) for line in lines]
    return [
        Wished(product, sku if isinstance(sku, str) else "")
        for product, sku in named
        if isinstance(product, str) and product
    ]
