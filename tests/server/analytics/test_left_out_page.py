"""The page of what is left out: seen, left out and counted again by who may, with reasons, without JavaScript."""

from __future__ import annotations

import html
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy import Engine

from tests.browsing import running, violations
from tests.clock import FakeClock
from tests.server.consoles.test_console_pages import signed_in
from tests.server.timeline.test_left_out import STAFFS, audited, counted, shop
from tests.shopfloor import sign_in

__all__ = ["shop"]

HERE = "/manage/MAD/left-out"
WHY = "Its clock is a day ahead"


def shown(client: FlaskClient, language: str = "en") -> str:
    assert client.post(f"/language/{language}", data=written(client)).status_code in {302, 303}
    answer = client.get(HERE)
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


def written(client: FlaskClient, **form: Any) -> dict[str, Any]:
    token = client.get("/").get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]
    return form | {"csrf_token": token}


def ask(client: FlaskClient, what: str, status: int = 303, **form: Any) -> str:
    answer = client.post(f"{HERE}/{what}", data=written(client, **form))
    assert answer.status_code == status, answer.get_data(as_text=True)
    return html.unescape(answer.get_data(as_text=True))


def test_a_kiosk_is_left_out_and_counts_again_with_who_and_why(shop: FlaskClient, engine: Engine) -> None:
    sign_in(shop, "operator")
    assert "Every kiosk of this store is believed." in shown(shop)
    ask(shop, "quarantine", kiosk="kiosk", reason=WHY, since="2026-11-24T09:00")
    assert WHY in shown(shop)
    assert "Volver a creerle" in shown(shop, "es")
    assert counted(engine) == set()
    sign_in(shop, "manager")
    ask(shop, "release", kiosk="kiosk", reason="It was the server's clock", never="on")
    assert len(counted(engine)) == 2
    assert "Believed again" in shown(shop)
    assert audited(engine) == [
        ("operator", "kiosk quarantined", WHY),
        ("manager", "kiosk released", "It was the server's clock"),
    ]


def test_a_visit_is_marked_as_a_test_and_counts_again(shop: FlaskClient, engine: Engine) -> None:
    sign_in(shop, "manager")
    assert f'<option value="{STAFFS}"' in shown(shop)
    ask(shop, "mark", visit=str(STAFFS), reason="Showed it to a colleague")
    assert STAFFS not in counted(engine)
    assert f'<option value="{STAFFS}"' not in shown(shop)
    assert "Showed it to a colleague" in shown(shop)
    ask(shop, "count", visit=str(STAFFS), reason="It was a shopper")
    assert STAFFS in counted(engine)
    assert [action for _, action, _ in audited(engine)] == ["visit marked as test", "visit counts again"]


@pytest.mark.parametrize(
    ("what", "status", "form", "says"),
    [
        ("quarantine", 422, {"kiosk": "kiosk", "reason": " "}, "Say why"),
        ("quarantine", 422, {"kiosk": "kiosk", "reason": WHY, "since": "2026-11-25T09:00"}, "began earlier"),
        ("quarantine", 422, {"kiosk": "kiosk", "reason": WHY, "since": "noon"}, "the day and the hour"),
        ("quarantine", 404, {"kiosk": "other", "reason": WHY}, "not here"),
        ("release", 404, {"kiosk": "kiosk", "reason": WHY, "never": "on"}, "not here"),
        ("mark", 422, {"visit": "that one", "reason": WHY}, "Choose a visit"),
        ("count", 404, {"visit": str(UUID(int=9)), "reason": WHY}, "not here"),
        ("forget", 404, {}, "another store"),
    ],
)
def test_what_cannot_be_says_why_and_keeps_what_was_written(
    shop: FlaskClient, engine: Engine, what: str, status: int, form: dict[str, str], says: str
) -> None:
    sign_in(shop, "manager")
    before = counted(engine)
    page = ask(shop, what, status, key=what, **form)
    assert says in page
    if what in {"quarantine", "mark"} and form["reason"].strip():
        assert f'value="{WHY}"' in page
    assert counted(engine) == before


@pytest.mark.parametrize(("role", "status"), [("associate", 403), ("merchandiser", 403), ("manager", 200)])
def test_only_managers_and_operators_see_it(client: FlaskClient, role: str, status: int) -> None:
    sign_in(client, role)
    assert client.get(HERE).status_code == status
    assert client.get("/manage/LON/left-out").status_code == (404 if status == 200 else 403)


@pytest.mark.browser
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_has_no_barrier_with_all_there_can_be_on_it(
    chromium: Browser, app: Flask, shop: FlaskClient, clock: FakeClock
) -> None:
    sign_in(shop, "manager")
    for what in ("quarantine", "release", "quarantine"):
        ask(shop, what, kiosk="kiosk", reason=WHY)
        clock.advance(1)
    ask(shop, "mark", visit=str(STAFFS), reason=WHY)
    with running(app) as address:
        page = signed_in(chromium, address, "manager")
        page.goto(address + HERE)
        assert violations(page) == []
        page.close()
