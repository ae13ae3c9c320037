"""The shopper's screen in a real browser: every state, two languages, four sizes, no barrier."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from kiosk.screen import Attract
from tests.browsing import violations
from tests.clock import NOW
from tests.kiosk.pages.glass import StandIn, opened, shown
from tests.kiosk.pages.views import LIVE, SIZES, VIEWS


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("size", ["small", "wide", "large"])
def test_no_screen_has_a_barrier(
    chromium: Browser, address: str, agent: StandIn, language: str, size: str
) -> None:
    page = opened(chromium, address, size)
    found = {}
    for name, view in VIEWS.items():
        agent.show(view, language=language)
        shown(page, agent)
        assert page.get_attribute("html", "lang") == language
        found[name] = violations(page)
    agent.show(LIVE, warning_seconds=14, offline_since=NOW, staff_called="on_the_way", reader_words="x")
    shown(page, agent)
    found["warning"] = violations(page)
    agent.show(VIEWS["asked"], warning_seconds=None, agreed=("service",), choice_lost=True)
    shown(page, agent)
    found["agreed"] = violations(page)
    agent.show(LIVE, choice_lost=False, choice_waits=True, story=True)
    shown(page, agent)
    assert page.locator("#story-yes").get_attribute("aria-pressed") == "true"
    found["story"] = violations(page)
    agent.show(Attract(), agreed=None, choice_waits=False, story=False, offline_since=None, staff_called="")
    shown(page, agent)
    assert page.locator(".reference").inner_text() == "x"
    assert page.locator(".attract").count() == 0, "a kiosk that cannot read must not ask for a tag"
    found["reader fault"] = violations(page)
    page.close()
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
def test_name_price_and_actions_fit_without_scrolling(
    chromium: Browser, address: str, agent: StandIn, size: str
) -> None:
    page = opened(chromium, address, size)
    agent.show(LIVE)
    shown(page, agent)
    width, height = SIZES[size]
    for wanted in ("h1", ".price .now", "#call", "#done", "#language-es"):
        box = page.locator(wanted).bounding_box()
        assert box, wanted
        assert box["x"] >= 0, wanted
        assert box["x"] + box["width"] <= width, wanted
        assert box["y"] + box["height"] <= height, wanted
    for main in ("#call", "#done"):
        box = page.locator(main).bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 63.5
    for button in page.locator("button").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
    page.close()


@pytest.mark.browser
def test_large_text_loses_nothing_and_never_scrolls_sideways(
    chromium: Browser, address: str, agent: StandIn
) -> None:
    page = opened(chromium, address)
    agent.show(LIVE)
    shown(page, agent)
    page.click("#size-200")
    wide = page.evaluate(
        "() => document.querySelector('.content').scrollWidth - document.querySelector('.content').clientWidth"
    )
    assert wide <= 1
    assert page.locator("h1").is_visible()
    page.close()
