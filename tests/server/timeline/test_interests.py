"""What suggestions may rest on: looks, and orders that stand, in whatever channel."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from server.timeline.models import Event, EventKind
from server.timeline.reading.interests import Interest, interests_of, variants_of
from tests.clock import NOW

VISIT = UUID(int=7)


def told(minute: int, kind: EventKind, product: str | None = None, **more: object) -> Event:
    at = NOW + timedelta(minutes=minute)
    channel, visit = more.pop("channel", "web"), more.pop("visit_id", None)
    return Event(kind=kind, channel=channel, visit_id=visit, product_id=product, corrected_at=at, properties=more)


def test_looks_count_in_their_channel_and_what_was_bought_and_kept_as_bought() -> None:
    lines = [{"product_id": "sock"}, {"product_id": "sock"}, "damaged", {"sku": "1"}]
    events = [
        told(0, EventKind.PRODUCT_VIEWED, "boot"),
        told(1, EventKind.ORDER_COMPLETED, order_id="1", products=lines),
        told(2, EventKind.ORDER_COMPLETED, order_id="2", products=[{"product_id": "lamp"}]),
        told(3, EventKind.ORDER_REFUNDED, order_id="2"),
        told(4, EventKind.PRODUCT_REMOVED, "tent"),
        told(5, EventKind.PRODUCT_TAPPED, "mat", channel="kiosk", visit_id=VISIT),
        told(6, EventKind.ORDER_COMPLETED, order_id="3", products="damaged"),
    ]
    before = {
        Interest("boot", "web", NOW),
        Interest("sock", "till", NOW + timedelta(minutes=1)),
    }
    assert set(interests_of(events, without=VISIT)) == before
    assert set(interests_of(events)) == before | {Interest("mat", "kiosk", NOW + timedelta(minutes=5))}


def test_variants_bought_and_kept_come_before_those_looked_at_the_newest_first() -> None:
    events = [
        told(0, EventKind.ORDER_COMPLETED, order_id="1", products=[{"sku": "B38"}, {"sku": "J-M"}, {"sku": 5}]),
        told(1, EventKind.ORDER_COMPLETED, order_id="2", products=[{"sku": "B39"}]),
        told(2, EventKind.ORDER_REFUNDED, order_id="2"),
        told(3, EventKind.PRODUCT_VIEWED, "boot", sku="B40"),
        told(4, EventKind.PRODUCT_VIEWED, "boot", sku="B41"),
        told(5, EventKind.PRODUCT_TAPPED, "boot", sku="B42", visit_id=VISIT),
    ]
    assert variants_of(events, without=VISIT) == ("B38", "J-M", "B41", "B40")
    assert variants_of(events)[2] == "B42"
