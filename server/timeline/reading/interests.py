"""What somebody looked at or bought in any channel, as suggestions may rest on it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from server.timeline.models import Event, EventKind
from server.timeline.reading.favourites import variant_of
from server.timeline.reading.profile import LOOKED_AT
from server.timeline.reading.purchases import orders_of

BOUGHT = "till"
"""The channel of what was bought, wherever that was: it says as much from the web shop as from the till."""

ORDERED = frozenset({EventKind.ORDER_COMPLETED, EventKind.ORDER_UPDATED})


class Interest(NamedTuple):
    """A product that was looked at or bought, in which channel, and when."""

    product_id: str
    channel: str
    at: datetime


def interests_of(ordered: list[Event], *, without: UUID | None = None) -> tuple[Interest, ...]:
    """Return what was looked at, and what was bought and not given back, less what was done in one visit."""
    kept = {order.order_id: order.at for order in orders_of(ordered)}
    found: dict[Interest, None] = {}
    for event in ordered:
        if without is not None and event.visit_id == without:
            continue
        if event.kind in LOOKED_AT and event.product_id:
            found[Interest(event.product_id, event.channel, event.corrected_at)] = None
        elif event.kind in ORDERED and (order := str(event.properties.get("order_id", ""))) in kept:
            found |= dict.fromkeys(Interest(product, BOUGHT, kept[order]) for product in _products(event))
    return tuple(found)


def variants_of(ordered: list[Event], *, without: UUID | None = None) -> tuple[str, ...]:
    """Return the variants, by GTIN or SKU, that were bought and kept, then those looked at, the newest first."""
    kept = {order.order_id for order in orders_of(ordered)}
    newest = [event for event in reversed(ordered) if without is None or event.visit_id != without]
    bought = [
        code
        for event in newest
        if event.kind in ORDERED and str(event.properties.get("order_id", "")) in kept
        for code in _lines(event, "sku")
    ]
    looked = [variant_of(event) for event in newest if event.kind in LOOKED_AT]
    return tuple(dict.fromkeys(code for code in (*bought, *looked) if code))


def _products(event: Event) -> Iterator[str]:
    return _lines(event, "product_id")


def _lines(event: Event, name: str) -> Iterator[str]:
    lines = event.properties.get("products")
    for line in lines if isinstance(lines, list) else ():
        told = line.get(name) if isinstance(line, dict) else None
        if isinstance(told, str) and told:
            yield told
