"""What somebody bought, as their timeline tells. Pure."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation

from server.timeline.models import Event, EventKind
from server.wire.values import Frozen

IMPOSSIBLE = Decimal(10) ** 12
"""A total nobody paid: whoever may write says what it came to, and one such would spoil the average."""


class Purchase(Frozen):
    """An order: number, when, and what it came to, where the till told."""

    order_id: str
    at: datetime
    total: Decimal | None
    currency: str | None


def orders_of(ordered: list[Event]) -> list[Purchase]:
    """Return what was bought and not given back, the oldest first; an order told of twice is one, as told last."""
    found: dict[str, Purchase] = {}
    for event in ordered:
        number = str(event.properties.get("order_id", ""))
        if event.kind in {EventKind.ORDER_COMPLETED, EventKind.ORDER_UPDATED}:
            at = found[number].at if number in found else event.corrected_at
            currency = event.properties.get("currency")
            spoken = currency.upper() if isinstance(currency, str) else None
            found[number] = Purchase(order_id=number, at=at, total=_total(event), currency=spoken)
        elif event.kind in {EventKind.ORDER_CANCELLED, EventKind.ORDER_REFUNDED}:
            found.pop(number, None)
    return sorted(found.values(), key=lambda order: (order.at, order.order_id))


def _total(event: Event) -> Decimal | None:
    told = event.properties.get("total", event.properties.get("revenue"))
    try:
        total = None if told is None else Decimal(str(told))
    except InvalidOperation:
        return None
    return total if total is not None and abs(total) < IMPOSSIBLE else None


def average_spend(orders: list[Purchase]) -> dict[str, Decimal]:
    """Return what an order came to on average, by currency."""
    totals: dict[str, list[Decimal]] = {}
    for order in orders:
        if order.total is not None and order.currency:
            totals.setdefault(order.currency, []).append(order.total)
    cent = Decimal("0.01")
    return {
        currency: (sum(paid, Decimal()) / len(paid)).quantize(cent) for currency, paid in sorted(totals.items())
    }
