"""The list a shopper keeps, out of what the timeline says."""

from __future__ import annotations

from typing import Any

import pytest

from server.timeline.models import Event, EventKind
from server.timeline.reading.wish_list import Wished, wish_list

ADDED, REMOVED = EventKind.PRODUCT_ADDED_TO_WISHLIST, EventKind.PRODUCT_REMOVED_FROM_WISHLIST
CART, BOUGHT, VIEWED = (
    EventKind.WISHLIST_PRODUCT_ADDED_TO_CART,
    EventKind.ORDER_COMPLETED,
    EventKind.PRODUCT_VIEWED,
)
BOOT, BOOT_38, SOCK = Wished("boot"), Wished("boot", "38"), Wished("sock")


def told(kind: EventKind, *wished: Wished) -> Event:
    if kind is BOUGHT:
        lines = [{"product_id": one.product_id, "sku": one.sku} for one in wished]
        return Event(kind=kind, product_id=None, properties={"products": lines})
    sku: dict[str, Any] = {"sku": wished[0].sku} if wished[0].sku else {}
    return Event(kind=kind, product_id=wished[0].product_id, properties=sku)


@pytest.mark.parametrize(
    ("events", "left"),
    [
        ([], ()),
        ([told(VIEWED, BOOT)], ()),
        ([told(ADDED, BOOT), told(ADDED, SOCK)], (SOCK, BOOT)),
        ([told(ADDED, BOOT), told(ADDED, SOCK), told(ADDED, BOOT)], (BOOT, SOCK)),
        ([told(ADDED, BOOT), told(ADDED, BOOT_38)], (BOOT_38,)),
        ([told(ADDED, Wished("boot", "39")), told(ADDED, BOOT_38)], (BOOT_38, Wished("boot", "39"))),
        ([told(ADDED, Wished("boot", "39")), told(ADDED, BOOT_38), told(REMOVED, BOOT)], ()),
        ([told(ADDED, Wished("boot", "39")), told(REMOVED, BOOT_38)], (Wished("boot", "39"),)),
        ([told(ADDED, BOOT), told(CART, BOOT_38), told(ADDED, SOCK)], (SOCK,)),
        ([told(ADDED, BOOT), told(ADDED, SOCK), told(BOUGHT, BOOT_38, Wished("lamp"))], (SOCK,)),
    ],
)
def test_the_newest_stands_first_and_what_is_taken_or_bought_is_gone(
    events: list[Event], left: tuple[Wished, ...]
) -> None:
    assert wish_list(events) == left


def test_a_list_goes_on_from_what_it_began_with() -> None:
    assert wish_list([told(REMOVED, BOOT)], ["boot", "sock"]) == (SOCK,)


@pytest.mark.parametrize("products", [None, "boot", [None, "boot", {"sku": "1"}, {"product_id": 7}]])
def test_an_order_of_any_shape_is_read(products: object) -> None:
    order = Event(kind=BOUGHT, product_id=None, properties={"products": products})
    assert wish_list([told(ADDED, BOOT), order]) == (BOOT,)
