"""What a timeline says of somebody, worked out from its events alone: the same events, the same profile. Pure.

A profile is statistics of a person, so what they did while they had refused those is not counted in it. It stays
on their timeline, and in all totals, which name nobody. Other channels ask in their own way: what they tell of
without a word on consent is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from server.timeline.models import Event, EventKind
from server.timeline.reading.favourites import NOTHING_KNOWN, SHOWN, Goods, most_often
from server.timeline.reading.purchases import Purchase, average_spend, orders_of
from server.wire.values import Frozen

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


def profile_of(events: Iterable[Event], goods: Goods = NOTHING_KNOWN) -> Profile:
    """Return the profile; whatever the order the events came in, they count in the order they happened in."""
    in_order = sorted(events, key=lambda event: (event.corrected_at, event.id))
    told = [event.consent for event in in_order if event.consent is not None]
    ordered = [event for event in in_order if may_count(event)]
    orders = orders_of(ordered)
    looked = [event for event in ordered if event.kind in LOOKED_AT]
    return Profile(
        kind=_kind(len(orders)),
        first_at=ordered[0].corrected_at if ordered else None,
        last_at=ordered[-1].corrected_at if ordered else None,
        events=dict(sorted(Counter(event.kind for event in ordered).items())),
        channels=dict(sorted(Counter(event.channel for event in ordered).items())),
        purchases=tuple(reversed(orders[-SHOWN:])),
        average_spend=average_spend(orders),
        favourite_products=most_often(event.product_id for event in looked),
        favourite_categories=most_often(map(goods.category, looked)),
        favourite_sizes=most_often(map(goods.size, looked)),
        consents=told[-1] if told else {},
    )


def may_count(event: Event) -> bool:
    """Return whether statistics of a person may hold an event: not where they had refused it then."""
    return event.consent is None or event.consent.get("analytics") is not False


def _kind(orders: int) -> CustomerKind:
    if orders >= REGULAR_FROM:
        return CustomerKind.REGULAR
    return CustomerKind.BUYER if orders else CustomerKind.LOOKING
