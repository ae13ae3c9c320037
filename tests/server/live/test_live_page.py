"""The live page: what happens comes on it by itself, filtered, paused, and never says who it was."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from server.timeline.sources.models import Right
from server.timeline.sources.queries import add_source
from tests.browsing import running, violations
from tests.clock import NOW
from tests.server.consoles.test_console_pages import signed_in
from tests.shopfloor import UIDS, as_device, sign_in, tap

VISITOR = "somebody-mk4"


def tapped(app: Flask, number: int, uid: str = UIDS["boot"], device: str = "kiosk") -> None:
    body = tap(number, uid, visit_id=str(UUID(int=100 + number, version=4)))
    assert app.test_client().post("/api/v1/taps", json=body, headers=as_device(device)).status_code == 200


@pytest.fixture
def busy(app: Flask) -> Flask:
    """The shop, in which a tap in each store and something on the web happened."""
    with Session(app.extensions["house"].engine) as session, session.begin():
        add_source(session, "web", channel="web", store_id=None, rights=[Right.WRITE], key="wk", now=NOW)
    tapped(app, 1)
    tapped(app, 2, device="other")
    seen = {"type": "track", "event": "Fitting booked", "messageId": "m1", "userId": VISITOR}
    assert app.test_client().post("/v1/track", json=seen, headers={"X-Write-Key": "wk"}).status_code == 200
    return app


def of(app: Flask, role: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, role)
    return client


def streamed(client: FlaskClient, query: str) -> list[str]:
    """Return what the stream brings at once, from the first event on, in words."""
    answer = client.get(f"/live/stream?after=0&{query}", buffered=False)
    parts = answer.iter_encoded()
    next(parts)
    lines = next(parts).decode().splitlines()
    answer.close()
    return [json.loads(line[6:])["what"] for line in lines if line.startswith("data: ")]


def test_the_page_and_its_stream_say_what_happened_and_not_who_it_was(busy: Flask) -> None:
    operator = of(busy, "operator")
    page = operator.get("/live").get_data(as_text=True)
    assert VISITOR not in page
    assert 0 < page.index("Fitting booked") < page.index("tapped: Boot")
    assert streamed(operator, "") == ["tapped: Boot", "tapped a tag that means nothing", "Fitting booked"]
    assert streamed(operator, "channel=web") == ["Fitting booked"]
    assert streamed(operator, "kind=product_tapped&store=MAD") == ["tapped: Boot"]
    assert operator.get("/live?kind=nonsense").status_code == 422


def test_a_manager_sees_their_own_stores_only(busy: Flask) -> None:
    manager = of(busy, "manager")
    assert streamed(manager, "") == ["tapped: Boot"]
    assert "Fitting booked" not in manager.get("/live").get_data(as_text=True)
    for path in ("/live?store=LON", "/live/stream?store=LON"):
        assert manager.get(path).status_code == 404
    assert of(busy, "merchandiser").get("/live").status_code == 403


@pytest.mark.browser
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_events_come_by_themselves_wait_while_paused_and_nobody_is_shut_out(
    chromium: Browser, busy: Flask
) -> None:
    with running(busy) as address:
        page = signed_in(chromium, address, "operator")
        page.goto(f"{address}/live?channel=kiosk")
        expect(page.locator("#connection")).to_have_text("Connected")
        before = page.locator("#live tr").count()
        tapped(busy, 3)
        expect(page.locator("#live tr")).to_have_count(before + 1)
        expect(page.locator("#live tr").first).to_contain_text("tapped: Boot")
        page.locator("#pause").focus()
        page.keyboard.press("Space")
        tapped(busy, 4)
        expect(page.locator("#connection")).to_contain_text("1 waiting")
        assert page.locator("#live tr").count() == before + 1
        assert violations(page) == []
        page.keyboard.press("Enter")
        expect(page.locator("#live tr")).to_have_count(before + 2)
        page.select_option("#kind", "sign_tapped")
        page.get_by_role("button", name="Show").press("Enter")
        expect(page.locator("#live tr")).to_have_count(0)
        page.close()
