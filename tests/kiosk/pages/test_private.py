"""The shopper's screen trusts nothing, keeps nothing, and answers its own page only; prices are the store's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from kiosk.screen import Attract
from kiosk.web import create_app
from kiosk.words import last_day
from server.wire import Money, locale_for, written
from tests.clock import NOW
from tests.kiosk.pages.glass import StandIn, opened, shown
from tests.kiosk.pages.views import LIVE
from tests.kiosk.stand_ins import card


@pytest.mark.browser
def test_markup_in_a_name_is_text(chromium: Browser, address: str, agent: StandIn) -> None:
    page = opened(chromium, address)
    agent.show(replace(LIVE, card=card(name={"en": "<img src=x onerror=alert(1)><script>alert(2)</script>"})))
    shown(page, agent)
    assert page.inner_text("h1").startswith("<img src=x")
    assert page.locator("h1 img").count() == 0
    page.close()


@pytest.mark.browser
def test_nothing_stays_in_the_browser_after_a_visit(chromium: Browser, address: str, agent: StandIn) -> None:
    page = opened(chromium, address)
    agent.show(LIVE)
    shown(page, agent)
    page.click("#size-150")
    agent.show(Attract())
    shown(page, agent)
    kept = page.evaluate(
        "() => [localStorage.length, sessionStorage.length, document.cookie,"
        " document.documentElement.dataset.text]"
    )
    assert kept == [0, 0, "", "100"]
    assert "Boot" not in page.content()
    page.close()


def test_only_this_machines_page_may_speak(agent: StandIn) -> None:
    client = create_app(agent, port=8001, secret="s").test_client()
    own = {"Host": "127.0.0.1:8001"}
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 403
    for headers in ({}, {"Origin": "http://127.0.0.1:8001"}, {"Origin": "http://evil.example", "X-Screen": "s"}):
        assert client.post("/done", headers=own | headers).status_code == 403
    allowed = own | {"Origin": "http://127.0.0.1:8001", "X-Screen": "s"}
    assert client.post("/done", headers=allowed).status_code == 204
    page = client.get("/", headers=own)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert agent.asked == ["done"]


def test_a_price_is_written_as_the_store_writes_it(agent: StandIn) -> None:
    assert (
        written(Money(minor=15120, currency="EUR"), locale_for("es", "es_ES")).replace("\xa0", " ") == "151,20 €"
    )
    assert written(Money(minor=500, currency="JPY"), "en_GB") == "JP¥500"
    assert last_day(NOW.replace(hour=23), "Europe/Madrid", "en_GB") == "24 November"
