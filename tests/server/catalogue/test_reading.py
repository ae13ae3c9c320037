"""The catalogue over the API: whole by its pages, closed to strangers, and silent about others' stores."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.access.models import Role, Store
from server.catalogue.models import Price
from tests.clock import NOW
from tests.shopfloor import BOOT_38, BOOT_39, LAMP, SOCK, as_device, sign_in

LISTS = {
    "/api/v1/products": ("products", "id", {"boot", "sock", "lamp"}),
    "/api/v1/variants": ("variants", "gtin", {BOOT_38, BOOT_39, SOCK, LAMP}),
    "/api/v1/categories": ("categories", "id", {"all", "feet"}),
    "/api/v1/stores": ("stores", "id", {"MAD"}),
    "/api/v1/stores/MAD/stock": ("stock", "gtin", {BOOT_38, BOOT_39, SOCK}),
    "/api/v1/stores/MAD/prices": ("prices", "gtin", {BOOT_38, BOOT_39, SOCK}),
}


@pytest.mark.parametrize("limit", [1, 2, 200])
@pytest.mark.parametrize("path", LISTS)
def test_the_pages_make_the_whole(client: FlaskClient, path: str, limit: int) -> None:
    name, key, ids = LISTS[path]
    found, after = [], ""
    while after is not None:
        answer = client.get(path, query_string={"limit": limit, "after": after}, headers=as_device("kiosk"))
        assert answer.status_code == 200, answer.get_data(as_text=True)
        page = answer.get_json()
        assert len(page[name]) <= limit
        found += [record[key] for record in page[name]]
        after = page["next"]
    assert set(found) == ids
    assert len(found) == len(set(found))


def test_a_price_of_many_steps_is_told_whole(client: FlaskClient, engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        for day in range(5):
            moment = NOW + timedelta(days=day, microseconds=day)
            session.add(Price(store_id="MAD", gtin=SOCK, applies_from=moment, minor=800 + day))
    found, after = [], ""
    while after is not None:
        query = {"limit": 2, "after": after}
        page = client.get("/api/v1/stores/MAD/prices", query_string=query, headers=as_device("kiosk")).get_json()
        found += [(one["gtin"], one["price"]["minor"]) for one in page["prices"]]
        after = page["next"]
    assert found == [(BOOT_38, 12000), (BOOT_39, 12000), *((SOCK, m) for m in (900, 800, 801, 802, 803, 804))]


@pytest.mark.parametrize("path", [*LISTS, "/api/v1/products/boot", f"/api/v1/variants/{SOCK}"])
def test_strangers_are_told_nothing(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("path", ["", "/stock", "/prices"])
def test_anothers_store_is_as_none(client: FlaskClient, path: str) -> None:
    other = client.get(f"/api/v1/stores/MAD{path}", headers=as_device("other"))
    none = client.get(f"/api/v1/stores/NIX{path}", headers=as_device("other"))
    assert other.status_code == none.status_code == 404
    assert other.get_json()["detail"].replace("MAD", "NIX") == none.get_json()["detail"]
    sign_in(client, Role.MANAGER)
    assert client.get(f"/api/v1/stores/LON{path}").status_code == 404
    assert client.get(f"/api/v1/stores/MAD{path}").status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/products/none", 404),
        ("/api/v1/variants/02000000000077", 404),
        ("/api/v1/variants/1", 422),
        ("/api/v1/products?limit=0", 422),
        ("/api/v1/products?limit=201", 422),
        ("/api/v1/products?limit=x", 422),
        ("/api/v1/stores/MAD/prices?after=x", 422),
        ("/api/v1/stores/MAD/prices?after=x_2026-01-01", 422),
    ],
)
def test_what_cannot_be_answered_is_a_problem(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path, headers=as_device("kiosk"))
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["detail"]


def test_a_store_says_whether_it_is_open_by_its_own_clock(client: FlaskClient, engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        session.get_one(Store, "MAD").hours = {"tuesday": ["10:30-20:00"]}
    told = client.get("/api/v1/stores/MAD", headers=as_device("kiosk")).get_json()
    assert told["open_now"] is True  # 10:00 in UTC is 11:00 in Madrid.
    assert client.get("/api/v1/stores/LON", headers=as_device("other")).get_json()["open_now"] is None


def test_all_of_it_is_described(client: FlaskClient) -> None:
    described = client.get("/openapi.json", headers=as_device("kiosk")).get_json()
    paths = [path.replace("MAD", "{store_id}") for path in LISTS] + ["/api/v1/products/{product_id}"]
    assert set(paths) <= set(described["paths"])
    assert {"ProductPage", "PricePage", "FileAnswer"} <= set(described["components"]["schemas"])


def test_a_manager_gives_stock_of_their_own_store_only(client: FlaskClient) -> None:
    sign_in(client, Role.MANAGER)
    page = client.get("/manage/MAD/tags").get_data(as_text=True)
    headers = {"X-CSRFToken": page.split('X-CSRFToken": "')[1].split('"')[0]}
    body = f"store,gtin,count\r\nMAD,{SOCK},2\r\n".encode()
    assert client.post("/api/v1/imports/stock", data=body).status_code == 400
    dry = client.post("/api/v1/imports/stock?dry_run=yes", data=body, headers=headers).get_json()
    assert (dry["import_id"], dry["counts"]["changed"]) == (None, 1)
    done = client.post("/api/v1/imports/stock?name=shelf.csv", data=body, headers=headers).get_json()
    assert done["import_id"] == 1
    foreign = client.post("/api/v1/imports/stock", data=body.replace(b"MAD", b"LON"), headers=headers)
    assert foreign.status_code == 422
    assert "there is no store LON." in foreign.get_json()["detail"]
    assert client.post("/api/v1/imports/catalogue", data=body, headers=headers).status_code == 403
    assert client.get("/api/v1/imports").status_code == 403
    assert client.post("/api/v1/imports/1/undo", headers=headers).status_code == 403


def test_one_record_is_taken_as_a_row_of_a_file_is(client: FlaskClient) -> None:
    sign_in(client, Role.MANAGER)
    page = client.get("/manage/MAD/tags").get_data(as_text=True)
    headers = {"X-CSRFToken": page.split('X-CSRFToken": "')[1].split('"')[0]}

    def put(kind: str, **cells: str) -> tuple[int, dict[str, object]]:
        answer = client.put(f"/api/v1/records/{kind}", json={"cells": cells}, headers=headers)
        return answer.status_code, answer.get_json()

    status, told = put("stock", store="MAD", gtin=SOCK, count="2")
    assert (status, told["import_id"], told["counts"]["changed"]) == (200, 1, 1)  # type: ignore[index]
    assert put("stock", store="MAD", gtin=SOCK, count="2")[1]["import_id"] is None, (
        "the same again changes nothing"
    )
    stock = client.get("/api/v1/stores/MAD/stock", headers=as_device("kiosk")).get_json()["stock"]
    assert {row["gtin"]: row["count"] for row in stock}[SOCK] == 2
    assert put("stock", store="LON", gtin=SOCK, count="2")[0] == 422
    assert put("stock", store="MAD", gtin=SOCK, count="-2")[0] == 422
    assert put("prices", store="MAD", gtin=SOCK, price="1")[0] == 403
    assert put("nonsense", store="MAD")[0] == 422
    assert put("stock")[0] == 422
