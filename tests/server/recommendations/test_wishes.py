"""Pins, blocks and boosts: made by those who may, with who and when, and honoured in answers and shelf copies."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from kiosk.shelf import listed_at
from server.access.models import Audit
from server.catalogue.models import Category, Price, Product, Stock, Variant
from server.db import changed
from server.wire import Shelf
from tests.clock import NOW, FakeClock
from tests.shopfloor import as_device, sign_in, tap

MORE = ("cap", "glove", "scarf", "belt", "shawl")


@pytest.fixture
def shop(client: FlaskClient, engine: Engine) -> FlaskClient:
    """The small shop with five more products in stock, two of them in a category of their own."""
    with Session(engine) as session, session.begin():
        session.add(Category(id="neck", parent_id="all", name={"en": "Neck"}))
        session.flush()
        for number, name in enumerate(MORE):
            category = "neck" if name in {"scarf", "shawl"} else "all"
            texts = {"en": name}
            session.add(Product(id=name, category_id=category, brand="Own", name=texts, summary=texts))
            session.flush()
            gtin = f"0200000000{number + 1:02}00"
            session.add(Variant(gtin=gtin, product_id=name, sku=gtin))
            session.flush()
            session.add(Price(store_id="MAD", gtin=gtin, applies_from=NOW - timedelta(days=90), minor=500))
            session.add(Stock(store_id="MAD", gtin=gtin, count=5, counted_at=NOW))
        changed(session)
    return client


def token(client: FlaskClient) -> dict[str, str]:
    return {"X-CSRFToken": client.get("/").get_data(as_text=True).split('"X-CSRFToken": "')[1].split('"')[0]}


def wish(
    client: FlaskClient, role: str, status: int = 200, *, store: str = "MAD", **asked: object
) -> dict[str, Any]:
    sign_in(client, role)
    client.application.extensions["house"].now.advance(0.01)
    path = f"/api/v1/stores/{store}/wishes" if store else "/api/v1/wishes"
    answer = client.post(path, json=asked, headers=token(client))
    assert answer.status_code == status, answer.get_data(as_text=True)
    if status != 200:
        assert answer.content_type == "application/problem+json"
    told: dict[str, Any] = answer.get_json()
    return told


def tiles(client: FlaskClient, number: int) -> list[tuple[str, str]]:
    answer = client.post("/api/v1/taps", json=tap(number), headers=as_device("kiosk")).get_json()
    return [(tile["product_id"], tile["reason_kind"]) for tile in answer["goes_with"]]


def shelf_tiles(client: FlaskClient) -> list[str]:
    shelf = client.get("/api/v1/shelf", headers=as_device("kiosk")).get_json()
    return [tile["product_id"] for tile in shelf["goes_with"]["boot"]]


def test_what_is_blocked_is_never_shown_and_what_is_pinned_comes_first(shop: FlaskClient) -> None:
    assert {"belt", "cap"} <= {product for product, _ in tiles(shop, 1)}
    wish(shop, "manager", kind="block", product_id="cap")
    wish(shop, "manager", kind="pin", category_id="neck")
    wish(shop, "merchandiser", store="", kind="block", product_id="scarf")
    listed = tiles(shop, 2)
    assert listed[0] == ("shawl", "pinned")
    assert not {"cap", "scarf"} & {product for product, _ in listed}
    assert shelf_tiles(shop)[0] == "shawl"
    assert not {"cap", "scarf"} & set(shelf_tiles(shop))


def test_a_wish_holds_between_its_dates_and_until_it_is_ended(shop: FlaskClient, clock: FakeClock) -> None:
    day = timedelta(days=1)
    asked = {"starts": (NOW + day).isoformat(), "ends": (NOW + 3 * day).isoformat()}
    made = wish(shop, "manager", kind="pin", product_id="scarf", **asked)
    assert tiles(shop, 1)[0][0] != "scarf"
    clock.advance(day.total_seconds() + 61)
    assert tiles(shop, 2)[0] == ("scarf", "pinned")
    sign_in(shop, "manager")
    path = f"/api/v1/stores/MAD/wishes/{made['id']}"
    assert shop.delete(path, headers=token(shop)).status_code == 204
    assert tiles(shop, 3)[0][0] != "scarf"
    assert shop.get("/api/v1/stores/MAD/wishes").get_json() == {"wishes": []}


def test_who_wished_what_and_when_is_kept(shop: FlaskClient, engine: Engine) -> None:
    made = wish(shop, "manager", kind="boost", product_id="cap")
    assert (made["log_odds"], made["made_by"], made["store_id"]) == (0.7, "manager", "MAD")
    with Session(engine) as session:
        [row] = session.scalars(select(Audit).where(Audit.subject == f"wish:{made['id']}"))
    assert (row.staff_id, row.store_id, row.after["product"]) == ("manager", "MAD", "cap")
    assert row.at == datetime.fromisoformat(made["made_at"])


@pytest.mark.parametrize(
    ("role", "status", "store", "asked"),
    [
        ("manager", 404, "LON", {"kind": "pin", "product_id": "cap"}),
        ("manager", 403, "", {"kind": "pin", "product_id": "cap"}),
        ("associate", 403, "MAD", {"kind": "pin", "product_id": "cap"}),
        ("manager", 422, "MAD", {"kind": "pin", "product_id": "no such"}),
        ("manager", 422, "MAD", {"kind": "pin", "category_id": "no such"}),
        ("manager", 422, "MAD", {"kind": "pin"}),
        ("manager", 422, "MAD", {"kind": "pin", "product_id": "cap", "category_id": "all"}),
        ("manager", 422, "MAD", {"kind": "pin", "product_id": "cap", "log_odds": 1}),
        ("manager", 422, "MAD", {"kind": "boost", "product_id": "cap", "log_odds": 9}),
        (
            "manager",
            422,
            "MAD",
            {"kind": "pin", "product_id": "cap", "starts": NOW.isoformat(), "ends": NOW.isoformat()},
        ),
    ],
)
def test_what_may_not_or_cannot_be_wished_is_refused(
    shop: FlaskClient, role: str, status: int, store: str, asked: dict[str, object]
) -> None:
    assert wish(shop, role, status, store=store, **asked)["detail"]


def shelf_copy(client: FlaskClient) -> Shelf:
    answer = client.get("/api/v1/shelf?revision=-1&later=1", headers=as_device("kiosk"))
    return Shelf.model_validate_json(answer.data)


def test_a_shelf_copy_honours_the_dates_of_wishes(shop: FlaskClient, clock: FakeClock) -> None:
    day, second = timedelta(days=1), timedelta(seconds=1)
    dates = {"starts": (NOW + day).isoformat(), "ends": (NOW + 3 * day).isoformat()}
    wish(shop, "manager", kind="pin", product_id="scarf", **dates)
    wish(shop, "manager", kind="block", product_id="belt", starts=(NOW + 2 * day).isoformat())
    wish(shop, "manager", kind="pin", product_id="cap", starts=(NOW + 30 * day).isoformat())
    held = shelf_copy(shop)
    for at in (NOW + day - second, NOW + day, NOW + 2 * day, NOW + 3 * day - second, NOW + 3 * day):
        clock.advance((at - clock()).total_seconds())
        tiles = listed_at(held, "boot", at)[0]
        live = shelf_copy(shop).goes_with["boot"]
        assert [(one.product_id, one.reason_kind) for one in tiles] == [
            (one.product_id, one.reason_kind) for one in live
        ]
    assert {lists.starts for lists in held.later} == {NOW + day, NOW + 2 * day, NOW + 3 * day}
