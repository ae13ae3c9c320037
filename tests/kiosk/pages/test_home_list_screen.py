"""The list from home on the shopper's screen: above the questions for those who agreed before."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from kiosk.screen import Showing
from server.wire import HomeLine, Money, PersonCard, Place, PriceLine, Tile
from tests.browsing import violations
from tests.clock import NOW, until
from tests.kiosk.pages.glass import StandIn, opened, shown
from tests.kiosk.pages.views import LIVE, SIZES, TAP

WORDS = {"en": ("Your list from home", "My card"), "es": ("Tu lista de casa", "Mi tarjeta")}
PRICE = PriceLine(now=Money(minor=12000, currency="EUR"), member=Money(minor=9900, currency="EUR"))


def line(number: int, in_stock: int, size: str | None = None) -> HomeLine:
    name = {"en": f"Walking boot {number}", "es": f"Bota de paseo {number}"}
    place = Place(zone={"en": "Hall", "es": "Sala"}, shelf=2)
    tile = Tile(product_id=f"p{number}", name=name, picture=None, price=PRICE, place=place)
    return HomeLine(tile=tile, size=size, in_stock=in_stock)


LINES = (line(1, 5, "38"), line(2, 1), line(3, 0))
KNOWN = Showing(TAP, PersonCard(agreed=("service",)), (), live=True, as_of=NOW)
ASKED = Showing(TAP, PersonCard(), (), live=True, as_of=NOW)


@pytest.mark.browser
@pytest.mark.parametrize(("size", "language"), [("small", "es"), ("wide", "en"), ("large", "es")])
def test_the_list_is_seen_at_once_with_the_members_price_and_what_is_here(
    chromium: Browser, address: str, agent: StandIn, size: str, language: str
) -> None:
    words, button = WORDS[language]
    page = opened(chromium, address, size)
    agent.show(KNOWN, from_home=LINES, agreed=("service",), language=language)
    shown(page, agent)
    assert violations(page) == []
    expect(page.locator("#told")).to_have_text(words)
    expect(page.get_by_role("heading", level=1).first).to_have_text(words)
    first = page.locator("#home-1")
    expect(first).to_contain_text("99,00")
    expect(first).to_contain_text("38")
    box = first.bounding_box()
    assert box
    assert box["height"] >= 48
    assert box["y"] + box["height"] <= SIZES[size][1] - 64, "the first line stands above the bar"
    expect(page.locator("#home-3")).to_have_class("tile gone")
    assert page.evaluate("() => document.querySelector('.content').scrollWidth <= innerWidth")
    page.click("#home-2")
    until(lambda: "pick p2" in agent.asked)
    agent.show(LIVE)
    shown(page, agent)
    expect(page.locator("#choices")).to_have_text(button)
    page.close()


@pytest.mark.browser
def test_what_a_shopper_presses_stays_where_it_is_when_the_list_comes(
    chromium: Browser, address: str, agent: StandIn
) -> None:
    page = opened(chromium, address)
    agent.show(ASKED, agreed=())
    shown(page, agent)
    before = page.locator("#service-yes").bounding_box()
    page.click("#service-yes")
    agent.show(ASKED, agreed=("service",), from_home=LINES)
    shown(page, agent)
    assert page.locator("#service-yes").bounding_box() == before
    expect(page.locator("#home-1")).to_have_count(1)
    page.close()
