"""A list made at home at the first tap in the store: a yes, this store's prices, what is here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.phone.seen import note
from server.timeline.models import EventKind
from server.timeline.people import requests
from server.timeline.people.hand_over import HandOver
from server.timeline.people.models import RequestKind
from server.timeline.people.queries import Said
from server.timeline.sources.models import Right
from server.timeline.sources.queries import add_source
from server.wire import HomeList
from tests.clock import NOW, FakeClock
from tests.server.taps.test_members import BAND, CUSTOMER, FIRST, KEYS, SECOND, choose, shop, tapped
from tests.shopfloor import BOOT_38, BOOT_39, as_device

__all__ = ["shop"]

ADDED, REMOVED = "Product Added to Wishlist", "Product Removed from Wishlist"


@pytest.fixture
def home(shop: FlaskClient, engine: Engine) -> FlaskClient:
    """The shop, where the customer keeps a list in the web shop."""
    with Session(engine) as session, session.begin():
        rights = [Right.WRITE, Right.VOUCH]
        add_source(session, "web", channel="web", store_id=None, rights=rights, key="wk", now=NOW)
    for number, wish in enumerate(
        [
            (ADDED, {"product_id": "lamp"}),
            (ADDED, {"product_id": "boot", "sku": BOOT_39}),
            (ADDED, {"product_id": "sock"}),
            (ADDED, {"product_id": "boot", "sku": BOOT_38[1:]}),
            (ADDED, {"product_id": "of the web only"}),
        ]
    ):
        wished(shop, number, *wish)
    return shop


def wished(client: FlaskClient, number: int, event: str, properties: dict[str, Any]) -> None:
    told = {"type": "track", "event": event, "messageId": f"m{number}", "userId": CUSTOMER.value}
    told |= {"properties": properties, "timestamp": f"2026-11-2{number % 4}T0{number}:00:00Z"}
    assert client.post("/v1/track", json=told, headers={"X-Write-Key": "wk"}).status_code == 200


def listed(client: FlaskClient, visit: UUID = FIRST, device: str = "kiosk") -> list[tuple[str, str | None, int]]:
    answer = client.get(f"/api/v1/visits/{visit}/list", headers=as_device(device))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    lines = HomeList.model_validate_json(answer.data).lines
    assert all((line.tile.price is not None) for line in lines)
    return [(line.tile.product_id, line.size, line.in_stock) for line in lines]


def test_what_is_here_stands_first_and_only_a_yes_shows_it(home: FlaskClient, clock: FakeClock) -> None:
    assert listed(home) == []
    tapped(home, 1, BAND)
    assert listed(home) == []
    choose(home, 1, "service")
    assert set(listed(home)) == {("boot", "38", 5), ("sock", None, 5), ("boot", "39", 0)}
    assert listed(home)[-1] == ("boot", "39", 0), "what is not here stands last"
    wished(home, 7, REMOVED, {"product_id": "sock"})
    assert set(listed(home)) == {("boot", "38", 5), ("boot", "39", 0)}
    clock.advance(1)
    tapped(home, 2, BAND, SECOND)
    assert set(listed(home, SECOND)) == {("boot", "38", 5), ("boot", "39", 0)}, "at the next visit's first tap"
    clock.advance(1)
    choose(home, 2)
    assert listed(home) == []


def test_what_a_phone_kept_in_one_visit_is_there_in_the_next(
    shop: FlaskClient, engine: Engine, clock: FakeClock
) -> None:
    tapped(shop, 1, BAND)
    choose(shop, 1, "service")
    row = HandOver(id=UUID(int=5, version=4), store_id="MAD", kiosk_id="kiosk", visit_id=FIRST)
    with Session(engine) as session, session.begin():
        kept, event_id = EventKind.PRODUCT_ADDED_TO_WISHLIST, UUID(int=6, version=4)
        note(session, row, kept, event_id=event_id, now=NOW, product_id="sock")
    clock.advance(1)
    tapped(shop, 2, BAND, SECOND)
    assert listed(shop, SECOND) == [("sock", None, 5)]


def test_another_kiosk_learns_nothing_of_the_visit(home: FlaskClient, engine: Engine) -> None:
    tapped(home, 1, BAND)
    choose(home, 1, "service")
    assert listed(home)
    assert listed(home, device="other") == []


@pytest.mark.parametrize("kind", [RequestKind.RESTRICT, RequestKind.OBJECT])
def test_whoever_asked_that_nothing_be_used_sees_no_list(
    home: FlaskClient, engine: Engine, kind: RequestKind
) -> None:
    tapped(home, 1, BAND)
    choose(home, 1, "service")
    with Session(engine) as session, session.begin():
        said, ids = Said("test", "asked", NOW), UUID(int=3, version=4)
        requests.take_request(session, CUSTOMER, kind, said=said, keys=KEYS, request_id=ids)
    assert listed(home) == []


def test_the_price_is_this_stores(home: FlaskClient) -> None:
    tapped(home, 1, BAND)
    choose(home, 1, "service")
    answer = home.get(f"/api/v1/visits/{FIRST}/list", headers=as_device("kiosk"))
    prices = {
        line.tile.product_id: line.tile.price and line.tile.price.now.minor
        for line in HomeList.model_validate_json(answer.data).lines
    }
    assert prices == {"boot": 12000, "sock": 900}
