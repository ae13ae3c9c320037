"""A visit goes on on a phone: once, only after the yes, and on the same timeline."""

from __future__ import annotations

import os
from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server.phone.rules import State, state_at
from server.timeline.models import Event
from tests.clock import NOW, FakeClock
from tests.shopfloor import as_device, tap

VISIT = str(UUID(int=7, version=4))
KIOSK = as_device("kiosk")


@pytest.fixture
def shop(app: Flask) -> Flask:
    """The shop with real luck, where a boot was tapped."""
    app.extensions["house"] = replace(app.extensions["house"], luck=os.urandom)
    assert app.test_client().post("/api/v1/taps", json=tap(1), headers=KIOSK).status_code == 200
    return app


def offered(shop: Flask) -> tuple[str, str]:
    """Return the API's path of a new offer and the path of its link."""
    asked = {"visit_id": VISIT, "kept": ["sock"]}
    told = shop.test_client().post("/api/v1/hand-overs", json=asked, headers=KIOSK).json
    assert told
    return f"/api/v1/hand-overs/{told['hand_over_id']}", "/carry/" + told["link"].rpartition("/carry/")[2]


def ask(phone: FlaskClient, link: str) -> TestResponse:
    """Open the link and press its button."""
    token = phone.get(link).get_data(as_text=True).split('name="csrf_token" value="')[-1].split('"')[0]
    return phone.post(link, data={"csrf_token": token})


def answer(shop: Flask, path: str, *, yes: bool) -> int:
    """Answer at the kiosk, by the sign it sees; return the status."""
    kiosk = shop.test_client()
    sign = (kiosk.get(path, headers=KIOSK).json or {})["sign"]
    return kiosk.post(f"{path}/answer", json={"sign": sign, "yes": yes}, headers=KIOSK).status_code


def test_the_visit_goes_on_after_the_yes_and_on_the_same_timeline(shop: Flask) -> None:
    path, link = offered(shop)
    phone = shop.test_client()
    assert ask(phone, link).location == "/carry/waiting"
    before = phone.get("/carry/waiting").get_data(as_text=True)
    sign = (phone.get(path, headers=KIOSK).json or {})["sign"]
    assert sign in before
    assert "Boot" not in before
    assert phone.get("/carry").status_code == 404
    assert answer(shop, path, yes=True) == 204
    let_in = phone.get("/carry/waiting")
    cookie = next(one for one in let_in.headers.getlist("Set-Cookie") if one.startswith("carry="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    shown = phone.get("/carry").get_data(as_text=True)
    assert [words for words in ("Boot", "120,00", "Sock", "9,00") if words not in shown] == []
    assert phone.get("/carry/products/boot").status_code == 200
    assert phone.get("/carry/products/lamp").status_code == 404
    with Session(shop.extensions["house"].engine) as session:
        lines = session.execute(
            select(Event.kind, Event.channel, Event.product_id, Event.store_id).where(
                Event.visit_id == UUID(VISIT), Event.channel == "web"
            )
        ).all()
    assert set(map(tuple, lines)) == {
        ("page_viewed", "web", None, "MAD"),
        ("product_viewed", "web", "boot", "MAD"),
    }


def test_opening_the_link_consumes_nothing_and_asking_does(shop: Flask) -> None:
    path, link = offered(shop)
    first, second = shop.test_client(), shop.test_client()
    assert {first.get(link).status_code, second.get(link).status_code} == {200}
    assert first.post(link).status_code == 400
    assert ask(first, link).status_code == 303
    assert second.get(link).status_code == 410
    assert second.get("/carry/waiting").status_code == 404
    assert answer(shop, path, yes=True) == 204
    assert second.get("/carry/waiting").status_code == 404
    assert first.get("/carry/waiting").status_code == 303
    assert first.get(link).status_code == 410


def test_refused_is_refused(shop: Flask) -> None:
    path, link = offered(shop)
    phone = shop.test_client()
    ask(phone, link)
    assert answer(shop, path, yes=False) == 204
    assert answer(shop, path, yes=True) == 409
    assert phone.get("/carry/waiting").status_code == 410
    assert phone.get("/carry").status_code == 404


def test_another_sign_lets_nobody_in(shop: Flask) -> None:
    path, link = offered(shop)
    ask(shop.test_client(), link)
    wrong = {"sign": "00", "yes": True}
    assert shop.test_client().post(f"{path}/answer", json=wrong, headers=KIOSK).status_code == 409


def test_a_link_can_be_opened_for_a_minute(shop: Flask, clock: FakeClock) -> None:
    _, link = offered(shop)
    clock.advance(60)
    assert shop.test_client().get(link).status_code == 410


def test_an_offer_ends_with_its_time(shop: Flask, clock: FakeClock) -> None:
    path, link = offered(shop)
    phone = shop.test_client()
    clock.advance(59)
    ask(phone, link)
    clock.advance(60)
    assert (phone.get(path, headers=KIOSK).json or {})["state"] == "asked"
    clock.advance(1)
    assert (phone.get(path, headers=KIOSK).json or {})["state"] == "ended"
    assert answer(shop, path, yes=True) == 409
    assert phone.get("/carry/waiting").status_code == 410


def test_an_offer_ends_by_a_newer_one_and_by_the_kiosk(shop: Flask) -> None:
    _, older = offered(shop)
    path, newer = offered(shop)
    phone = shop.test_client()
    assert (phone.get(older).status_code, phone.get(newer).status_code) == (410, 200)
    assert phone.delete(path, headers=KIOSK).status_code == 204
    assert phone.get(newer).status_code == 410


def test_an_open_offer_ends_when_its_visit_ends_at_the_kiosk(shop: Flask) -> None:
    path, link = offered(shop)
    phone = shop.test_client()
    ask(phone, link)
    end = {"visit_id": VISIT, "occurred_at": NOW.isoformat(), "how": "done"}
    assert phone.post("/api/v1/visits/ends", json=end, headers=KIOSK).status_code == 204
    assert answer(shop, path, yes=True) == 409
    assert phone.get("/carry/waiting").status_code == 410
    asked = {"visit_id": VISIT}
    assert phone.post("/api/v1/hand-overs", json=asked, headers=KIOSK).status_code == 409


def test_tries_are_limited_and_nobody_waits_for_another_at_the_same_address(shop: Flask) -> None:
    _, link = offered(shop)
    stranger = shop.test_client()
    assert 429 in {stranger.get(f"/carry/guess{number}").status_code for number in range(40)}
    phone = shop.test_client()
    assert ask(phone, link).status_code == 303
    assert phone.get("/carry/waiting").status_code == 200
    assert 429 in {stranger.get(link).status_code for _ in range(40)}
    assert phone.get("/carry/waiting").status_code == 200


def test_strangers_learn_nothing(shop: Flask) -> None:
    path, _ = offered(shop)
    stranger = shop.test_client()
    assert stranger.get("/carry/nothing").status_code == 404
    assert stranger.get("/carry").status_code == 404
    assert stranger.get(path, headers=as_device("other")).status_code == 404


@pytest.mark.parametrize("stored", [State.OFFERED, State.ASKED])
def test_an_open_offer_ends_with_its_visit(stored: State) -> None:
    assert state_at(stored, NOW, NOW, visit_over=True) is State.ENDED
    assert state_at(State.CARRIED, NOW, NOW, visit_over=True) is State.CARRIED
