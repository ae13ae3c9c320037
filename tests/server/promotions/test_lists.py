"""A shopper's list over the API: its price as a whole, why, and limits that two kiosks cannot both pass."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.promotions.models import PriceEvidence, Promotion
from server.promotions.saving import save
from tests.clock import NOW, FakeClock
from tests.shopfloor import BOOT_38, LAMP, SOCK, UIDS, as_device, tap

LIST = "01900000-0000-7000-8000-000000000001"


@pytest.fixture
def plan(app: Flask, engine: Engine) -> Any:
    def planned(key: str, **rule: Any) -> None:
        with Session(engine) as session, session.begin():
            words = {"en": f"{key} offer", "es": f"oferta {key}"}
            save(session, Promotion(id=key, headline=words, rule=rule), now=NOW - timedelta(days=60))

    return planned


def ask(client: FlaskClient, what: str, lines: dict[str, int], **more: Any) -> dict[str, Any]:
    body = {"list_id": LIST, "lines": [{"gtin": g, "quantity": n} for g, n in lines.items()]} | more
    said = client.post(f"/api/v1/lists/{what}", json=body, headers=as_device("kiosk"))
    assert said.status_code == 200, said.get_data(as_text=True)
    answer: dict[str, Any] = said.get_json()
    return answer


def test_a_list_is_priced_as_a_whole_and_each_promotion_explained(client: FlaskClient, plan: Any) -> None:
    plan("three", kind="n_for_m", buy=3, pay=2, products=["sock"])
    plan(
        "tenth",
        kind="percent",
        percent=10,
        on="list",
        everything=True,
        conditions=[{"kind": "total", "amounts": {"EUR": 20000}}],
    )
    answer = ask(client, "price", {SOCK: 4, BOOT_38: 1, LAMP: 1})
    assert (answer["total"]["minor"], answer["before"]["minor"]) == (14700, 15600)
    assert [line["units"] for line in answer["lines"]] == [[900, 900, 0, 900], [12000]]
    assert answer["unpriced"] == [LAMP]
    told = {one["promotion_id"]: (one["outcome"], one["words"]["es"]) for one in answer["explained"]}
    assert told == {
        "three": ("applied", "Aplicada: 9,00\xa0€ menos."),
        "tenth": ("missing", "44,00\xa0€ más de cualquier artículo, y la oferta es tuya."),
    }
    more = ask(client, "price", {SOCK: 4, BOOT_38: 2})
    assert {one["promotion_id"]: one["outcome"] for one in more["explained"]} == {
        "three": "applied",
        "tenth": "applied",
    }
    assert more["total"]["minor"] == 24030


def test_the_card_and_the_list_say_the_same_price(client: FlaskClient, plan: Any) -> None:
    plan("half", kind="percent", percent=50, products=["boot"])
    assert ask(client, "price", {BOOT_38: 1})["lines"][0]["each"]["minor"] == 6000


def test_the_timeline_and_not_the_kiosk_says_which_signs_were_tapped(client: FlaskClient, plan: Any) -> None:
    plan("sign", kind="percent", percent=10, products=["boot"], after_sign="autumn", at="list")
    told = tap(1, UIDS["boot"])
    visit = told["visit_id"]
    client.post("/api/v1/taps", json=told, headers=as_device("kiosk"))
    without = ask(client, "price", {BOOT_38: 1}, visit_id=visit)
    assert without["explained"][0]["words"]["en"] == "Tap the sign “autumn” first, and the offer is yours."
    claimed = {"list_id": LIST, "lines": [{"gtin": BOOT_38}], "signs": ["autumn"]}
    assert client.post("/api/v1/lists/price", json=claimed, headers=as_device("kiosk")).status_code == 422
    client.post("/api/v1/taps", json=tap(2, UIDS["sign"]), headers=as_device("kiosk"))
    assert ask(client, "price", {BOOT_38: 1}, visit_id=visit)["total"]["minor"] == 10800
    assert ask(client, "price", {BOOT_38: 1}, visit_id=str(UUID(int=8)))["total"]["minor"] == 12000


def test_a_limited_promotion_is_held_then_given_and_then_used_up(
    client: FlaskClient, plan: Any, clock: FakeClock
) -> None:
    plan("gift", kind="fixed_off", amounts={"EUR": 500}, products=["sock"], limits={"per_day": 1})
    first = ask(client, "hold", {SOCK: 1})
    assert (first["held"], first["total"]["minor"]) == (["gift"], 400)
    assert ask(client, "hold", {SOCK: 1})["held"] == ["gift"], "twice is harmless"
    assert ask(client, "price", {SOCK: 1})["total"]["minor"] == 400, "what it holds is its own"
    foreign = client.post(f"/api/v1/lists/{LIST}/commit", headers=as_device("other"))
    assert foreign.status_code == 404, "a kiosk of another store gives nothing of this one's"
    given = client.post(f"/api/v1/lists/{LIST}/commit", headers=as_device("kiosk"))
    assert given.get_json() == {"given": 1}
    other = "01900000-0000-7000-8000-000000000002"
    again = ask(client, "hold", {SOCK: 1}, list_id=other)
    assert (again["held"], again["total"]["minor"]) == ([], 900)
    assert [one["words"]["en"] for one in again["explained"]] == ["All of it has been given away."]


def test_what_is_held_and_not_given_is_free_again(client: FlaskClient, plan: Any, clock: FakeClock) -> None:
    plan("daily", kind="percent", percent=50, products=["sock"], limits={"per_day": 1})
    other = "01900000-0000-7000-8000-000000000002"
    assert ask(client, "hold", {SOCK: 1})["held"] == ["daily"]
    assert ask(client, "hold", {SOCK: 1}, list_id=other)["held"] == []
    clock.advance(16 * 60)
    assert ask(client, "hold", {SOCK: 1}, list_id=other)["held"] == ["daily"]
    late = client.post(f"/api/v1/lists/{LIST}/commit", headers=as_device("kiosk"))
    assert late.status_code == 404


def test_two_kiosks_cannot_both_spend_the_last_euro(app: Flask, plan: Any) -> None:
    plan("purse", kind="fixed_off", amounts={"EUR": 300}, products=["sock"], limits={"budget": {"EUR": 1000}})
    together = Barrier(8)

    def spend(number: int) -> list[str]:
        together.wait()
        held: list[str] = ask(app.test_client(), "hold", {SOCK: 1}, list_id=str(UUID(int=number)))["held"]
        return held

    with ThreadPoolExecutor(8) as kiosks:
        spent = list(kiosks.map(spend, range(8)))
    assert sorted(spent) == [[]] * 5 + [["purse"]] * 3, "three times 3.00 fit into 10.00, and no fourth"


@pytest.mark.parametrize("body", [{"lines": []}, {"lines": [{"gtin": "1"}]}, {"lines": "x", "list_id": LIST}])
def test_a_list_that_cannot_be_is_refused(client: FlaskClient, body: dict[str, Any]) -> None:
    said = client.post("/api/v1/lists/price", json={"list_id": LIST} | body, headers=as_device("kiosk"))
    assert said.status_code == 422


def test_evidence_is_kept_of_the_prices_on_a_list(client: FlaskClient, engine: Engine) -> None:
    ask(client, "price", {SOCK: 4, BOOT_38: 1, LAMP: 1})
    with Session(engine) as session:
        kept = {row.gtin: row.shown["minor"] for row in session.scalars(select(PriceEvidence))}
    assert kept == {SOCK: 900, BOOT_38: 12000}
