"""Promotions planned on the page: refused with the reason, previewed at a time to come, paused and ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.promotions.models import Promotion
from tests.clock import NOW, FakeClock
from tests.shopfloor import BOOT_38, as_device, sign_in, tap

FORM = {
    "id": "spring",
    "kind": "percent",
    "percent": "25",
    "categories": "feet",
    "headline_en": "Spring",
    "headline_es": "Primavera",
    "starts": "2026-11-25T00:00",
    "ends": "2026-11-26T00:00",
}


def send(client: FlaskClient, path: str, **form: str) -> tuple[int, str]:
    token = client.get("/merchandise/promotions").get_data(as_text=True)
    csrf = token.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post(path, data=form | {"csrf_token": csrf})
    return answer.status_code, answer.get_data(as_text=True)


def look(client: FlaskClient, at: str) -> str:
    asked = {"store": "MAD", "product": "boot", "at": at}
    return client.get("/merchandise/prices", query_string=asked).get_data(as_text=True)


def test_a_promotion_is_planned_previewed_paused_and_ended(client: FlaskClient, clock: FakeClock) -> None:
    sign_in(client, "merchandiser")
    assert send(client, "/merchandise/promotions", **FORM)[0] == 303
    assert "120,00" in look(client, "")
    assert "90,00" in look(client, "2026-11-25T12:00")
    assert "120,00" in look(client, "2026-11-26T00:00")
    clock.advance(timedelta(hours=20).total_seconds())
    card = client.post("/api/v1/taps", json=tap(1, at=clock()), headers=as_device("kiosk")).get_json()["card"]
    assert (card["price"]["now"]["minor"], card["price"]["percent_off"]) == (9000, 25)
    sign_in(client, "merchandiser")
    assert send(client, "/merchandise/promotions/spring/pause")[0] == 303
    assert "120,00" in look(client, "")
    assert send(client, "/merchandise/promotions/spring/resume")[0] == 303
    assert "90,00" in look(client, "")
    assert send(client, "/merchandise/promotions/spring/end")[0] == 303
    assert "120,00" in look(client, "2026-11-25T23:00")


def test_each_card_tells_of_the_promotion_after_the_evidence_of_the_first_was_kept(client: FlaskClient) -> None:
    sign_in(client, "merchandiser")
    assert send(client, "/merchandise/promotions", **(FORM | {"starts": "2026-11-20T00:00"}))[0] == 303
    for number, product in enumerate(("boot", "sock", "boot")):
        picked = tap(number, None) | {"picked": product}
        card = client.post("/api/v1/taps", json=picked, headers=as_device("kiosk")).get_json()["card"]
        assert [offer["headline"]["es"] for offer in card["offers"]] == ["Primavera"]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"percent": "120"}, "less than or equal to 100"),
        ({"ends": "2026-11-24T00:00"}, "not after it starts"),
        ({"categories": "cellar"}, "there is no category cellar"),
        ({"more": "{"}, "is not JSON"),
        ({"id": "Große Aktion"}, "short name"),
        ({"kind": "fixed_off", "percent": "", "amount": "1.999", "currency": "EUR"}, "is no amount of EUR"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason_and_the_form_stays(
    client: FlaskClient, wrong: dict[str, str], reason: str
) -> None:
    sign_in(client, "merchandiser")
    status, said = send(client, "/merchandise/promotions", **(FORM | wrong))
    assert (status, reason in said, 'value="Primavera"' in said) == (422, True, True)


def test_a_manager_plans_for_own_stores_only(client: FlaskClient) -> None:
    sign_in(client, "manager")
    assert send(client, "/merchandise/promotions", **FORM)[0] == 403
    assert send(client, "/merchandise/promotions", **FORM, stores="MAD, LON")[0] == 403
    assert send(client, "/merchandise/promotions", **FORM, stores="MAD")[0] == 303


def test_the_evidence_file_says_what_a_tap_showed(client: FlaskClient) -> None:
    tapped = client.post("/api/v1/taps", json=tap(1, at=NOW), headers=as_device("kiosk")).get_json()["card"]
    sign_in(client, "manager")
    [told] = client.get(f"/manage/MAD/prices/{BOOT_38}/evidence.json").get_json()
    assert (told["shown"]["minor"], told["worked_out_again"]) == (tapped["price"]["now"]["minor"], True)
    assert told["versions"] == tapped["versions"]
    assert client.get(f"/manage/LON/prices/{BOOT_38}/evidence.json").status_code == 404


TIERS = {"kind": "tiers", "everything": "1"} | {
    f"tier_{name}_{row}": value
    for row, (quantity, percent) in enumerate((("2", "10"), ("4", "20")), 1)
    for name, value in (("quantity", quantity), ("percent", percent))
}
BUNDLE = {
    "kind": "bundle",
    "percent": "10",
    "part_products_1": "boot",
    "part_categories_2": "feet",
    "part_quantity_2": "2",
}
GIFT = {"kind": "buy_x_get_y", "buy": "1", "products": "boot", "gets_products": "sock", "group": "g"}
HOURS = {"weekday_0": "1", "hour_from": "17:00", "hour_to": "19:00"}
EVENING = {"kind": "percent", "percent": "5", "everything": "1"} | HOURS
PURSE = {"kind": "fixed_off", "amount": "2", "budget": "50", "currency": "EUR", "per_day": "9", "products": "sock"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (TIERS, {"tiers": [{"quantity": 2, "percent": "10"}, {"quantity": 4, "percent": "20"}]}),
        (BUNDLE, {"parts": [{"products": ["boot"]}, {"categories": ["feet"], "quantity": 2}]}),
        (GIFT, {"buy": 1, "products": ["boot"], "gets": {"products": ["sock"]}, "group": "g"}),
        (EVENING, {"schedule": {"weekdays": [0], "hour_from": "17:00", "hour_to": "19:00"}}),
        (PURSE, {"amounts": {"EUR": 200}, "limits": {"per_day": 9, "budget": {"EUR": 5000}}}),
    ],
)
def test_every_kind_is_planned_by_its_own_fields(
    client: FlaskClient, engine: Engine, fields: dict[str, str], said: dict[str, object]
) -> None:
    sign_in(client, "merchandiser")
    status, page = send(client, "/merchandise/promotions", **(fields | {"id": "p", "headline_en": "P"}))
    assert status == 303, page
    with Session(engine) as session:
        rule = session.get_one(Promotion, "p").rule
    assert {name: rule[name] for name in said} == said
    assert rule["kind"] == fields["kind"]
