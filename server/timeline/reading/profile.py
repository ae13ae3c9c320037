"""What a timeline says of somebody, worked out from its events alone: the same events, the same profile. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from server.timeline.models import Event, EventKind
from server.timeline.reading.purchases import Purchase, average_spend, orders_of
from server.wire.values import Frozen

SHOWN = 10
REGULAR_FROM = 3

LOOKED_AT = {
    EventKind.PRODUCT_TAPPED,
    EventKind.SUGGESTION_OPENED,
    EventKind.PRODUCT_VIEWED,
    EventKind.PRODUCT_CLICKED,
    EventKind.PRODUCT_ADDED,
    EventKind.PRODUCT_ADDED_TO_WISHLIST,
}


class CustomerKind(StrEnum):
    """How well the shop knows somebody: by what they bought, not by who they are."""

    LOOKING = "looking"
    BUYER = "buyer"
    REGULAR = "regular"


class Profile(Frozen):
    """History, last purchases, average spend by currency, favourites (most often first), consents as last told."""

    kind: CustomerKind
    first_at: datetime | None
    last_at: datetime | None
    events: dict[str, int]
    channels: dict[str, int]
    purchases: tuple[Purchase, ...]
    average_spend: dict[str, Decimal]
    favourite_products: tuple[str, ...]
    favourite_categories: tuple[str, ...]
    favourite_sizes: tuple[str, ...]
    consents: dict[str, Any]


def profile_of(events: Iterable[Event]) -> Profile:
    """Return the profile; whatever the order the events came in, they count in the order they happened in."""
    ordered = sorted(events, key=lambda event: (event.corrected_at, event.id))
    orders = orders_of(ordered)
    looked = [event for event in ordered if event.kind in LOOKED_AT]
    told = [event.consent for event in ordered if event.consent is not None]
    return Profile(
        kind=_kind(len(orders)),
        first_at=ordered[0].corrected_at if ordered else None,
        last_at=ordered[-1].corrected_at if ordered else None,
        events=dict(sorted(Counter(event.kind for event in ordered).items())),
        channels=dict(sorted(Counter(event.channel for event in ordered).items())),
        purchases=tuple(reversed(orders[-SHOWN:])),
        average_spend=average_spend(orders),
        favourite_products=_favourites(event.product_id for event in looked),
        favourite_categories=_favourites(event.properties.get("category") for event in looked),
        favourite_sizes=_favourites(event.properties.get("size") for event in looked),
        consents=told[-1] if told else {},
    )


def _favourites(values: Iterable[object]) -> tuple[str, ...]:
    counted = Counter(value for value in values if isinstance(value, str) and value)
    return tuple(sorted(counted, key=lambda value: (-counted[value], value))[:SHOWN])


def _kind(orders: int) -> CustomerKind:
    if orders >= REGULAR_FROM:
        return CustomerKind.REGULAR
    return CustomerKind.BUYER if orders else CustomerKind.LOOKING
