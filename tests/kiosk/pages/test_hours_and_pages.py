"""Opening hours in words, and pages to read on as codes for the shopper's own phone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask_babel import force_locale
from playwright.sync_api import Browser

from kiosk.qr import qr
from kiosk.web import create_app
from kiosk.words import hours
from server.wire import Elsewhere, Open, ReadOn
from tests.browsing import violations
from tests.clock import NOW
from tests.kiosk.pages.glass import StandIn, opened, shown
from tests.kiosk.pages.views import FULL, LIVE, SIZES
from tests.kiosk.stand_ins import shelf

DAY = datetime(2026, 11, 23, tzinfo=UTC)  # a Monday
OPENS = tuple(
    Open(begins=DAY + timedelta(days=day, hours=9), ends=DAY + timedelta(days=day, hours=19)) for day in (0, 1, 4)
)
PAGES = (
    ReadOn(kind="dpp", address='https://passport.example/1?a=<b>&c="d"'),
    ReadOn(kind="instructions", address="https://passport.example/2"),
    ReadOn(kind="newer", address="https://passport.example/3"),
)


@pytest.mark.parametrize(
    ("hour", "zone", "language", "told"),
    [
        (8, "Europe/Madrid", "es", "Abre a las 10:00"),
        (9, "Europe/Madrid", "es", "Abierta hasta las 20:00"),
        (9, "Europe/London", "en_GB", "Open until 19:00"),
        (19, "Europe/London", "en_GB", "Opens tomorrow at 09:00"),
        (48, "Europe/London", "en_GB", "Opens on Friday at 09:00"),
        (48, "Europe/Madrid", "es", "Abre el viernes a las 10:00"),
        (24 * 5, "Europe/Madrid", "es", ""),
    ],
)
def test_hours_are_told_by_the_stores_own_clock(
    agent: StandIn, hour: int, zone: str, language: str, told: str
) -> None:
    with create_app(agent, port=0, secret="s").test_request_context(), force_locale(language):
        assert hours(OPENS, zone, language, now=DAY + timedelta(hours=hour)) == told


def test_a_code_holds_no_markup_of_the_address() -> None:
    drawn = qr(PAGES[0].address)
    assert drawn.startswith("<svg")
    assert "passport" not in drawn
    assert "style=" not in drawn, "the page's policy refuses styles in elements"


SAID = {
    "en": (["Open until", "Read on with your phone"], ["Product passport", "Instructions", "More about it"]),
    "es": (
        ["Abierta hasta", "Sigue leyendo en tu móvil"],
        ["Pasaporte del producto", "Instrucciones", "Más información"],
    ),
}


@pytest.mark.browser
@pytest.mark.parametrize("size", ["small", "wide", "large"])
@pytest.mark.parametrize("language", SAID)
def test_a_product_tells_its_hours_and_shows_its_pages(
    chromium: Browser, address: str, agent: StandIn, size: str, language: str
) -> None:
    words, names = SAID[language]
    now = (Open(begins=NOW - timedelta(hours=1), ends=NOW + timedelta(hours=1)),)
    agent.shelf.take(shelf(opens=now))
    gone = FULL.variants[0]
    there = Elsewhere(store="London", metres=9, gtins=(gone.gtin,), counted_at=NOW, opens=now, time_zone="UTC")
    card = FULL.model_copy(update={"read_on": PAGES, "elsewhere": (there,)})
    page = opened(chromium, address, size)
    agent.show(replace(LIVE, card=card), language=language)
    shown(page, agent)
    text = page.locator(".frame").inner_text()
    assert [told for told in words if told not in text] == []
    assert words[0] in page.locator(".elsewhere").inner_text()
    assert page.locator(".read-on li span").all_inner_texts() == names
    codes = page.locator(".read-on svg")
    assert codes.count() == len(PAGES)
    box = codes.first.bounding_box()
    assert box is not None
    assert box["width"] == box["height"] > 90, "a phone must be able to read it"
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    assert violations(page) == []
    page.close()
