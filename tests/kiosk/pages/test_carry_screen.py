"""The hand-over to a phone on the shopper's screen, in a real browser: fits, has no barrier, and is answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from kiosk.hand_over import Carry, Step
from kiosk.screen import Attract
from tests.browsing import violations
from tests.clock import NOW
from tests.kiosk.pages.glass import StandIn, opened, shown
from tests.kiosk.pages.views import LIVE, SIZES

LINK = "https://shop.example/carry/" + "x" * 43
OFFERED = Carry(Step.OFFERED, UUID(int=5, version=4), LINK, NOW + timedelta(seconds=110))
ASKED = replace(OFFERED, step=Step.ASKED, sign="42")
STEPS = {step.value: replace(OFFERED, step=step) for step in Step} | {
    "asked": ASKED,
    "asked once more": replace(ASKED, lost=True),
    "asked who": replace(ASKED, lost=True, introduces="app"),
}
LOOKED_AT = {"offered", "asked once more", "ended"}
"""Steps for axe; between them they have every part there is."""
QUESTION = {
    "en": "A phone wants to carry on with your list. Is it yours?",
    "es": "Un móvil quiere seguir con tu lista. ¿Es el tuyo?",
}


def fits(page: Page, wanted: str, size: str, *, bottom: float | None = None) -> None:
    """Look that an element stands whole on the glass, above the bar or `bottom`, and large enough to press."""
    box, bar = page.locator(wanted).bounding_box(), page.locator(".bar").bounding_box()
    assert box, wanted
    assert bar
    lowest = bar["y"] + 1 if bottom is None else bottom
    assert box["x"] >= 0, wanted
    assert box["x"] + box["width"] <= SIZES[size][0], wanted
    assert box["y"] + box["height"] <= lowest, wanted
    assert min(box["width"], box["height"]) >= 48, wanted


@pytest.mark.browser
@pytest.mark.parametrize(("size", "language"), [("small", "es"), ("wide", "en"), ("large", "es")])
def test_no_step_has_a_barrier_and_each_fits(
    chromium: Browser, address: str, agent: StandIn, size: str, language: str
) -> None:
    page = opened(chromium, address, size)
    found = {}
    for name, carry in STEPS.items():
        agent.show(LIVE, carry=carry, language=language)
        shown(page, agent)
        if name in LOOKED_AT:
            found[name] = violations(page)
        for button in page.locator(".carry .act").all():
            fits(page, f"#{button.get_attribute('id')}", size)
        assert page.evaluate("() => document.querySelector('.content').scrollWidth <= innerWidth")
    agent.show(LIVE, carry=OFFERED)
    shown(page, agent)
    fits(page, ".code svg", size)
    agent.show(LIVE, carry=ASKED)
    shown(page, agent)
    fits(page, ".sign-shown", size)
    expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION[language])
    expect(page.locator("#told")).to_have_text(QUESTION[language])
    agent.show(LIVE, carry=None, agreed=("service",))
    shown(page, agent)
    fits(page, "#carry", size, bottom=SIZES[size][1])
    page.close()
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.browser
def test_by_keyboard_from_the_card_to_the_code_to_the_yes_and_back(
    chromium: Browser, address: str, agent: StandIn
) -> None:
    page = opened(chromium, address)
    agent.show(LIVE)
    shown(page, agent)
    page.focus("#carry")
    page.keyboard.press("Enter")
    agent.show(LIVE, carry=OFFERED)
    shown(page, agent)
    expect(page.locator("#carry-title")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#carry-close")).to_be_focused()
    agent.show(LIVE, carry=ASKED)
    shown(page, agent)
    for wanted in ("#carry-yes", "#carry-no"):
        page.keyboard.press("Tab")
        expect(page.locator(wanted)).to_be_focused()
        page.keyboard.press("Enter")
    agent.show(LIVE, carry=replace(ASKED, step=Step.GRANTED))
    shown(page, agent)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    agent.show(LIVE, carry=None)
    shown(page, agent)
    expect(page.locator("#carry")).to_be_focused()
    chosen = [one for one in agent.asked if one.startswith(("carry", "close"))]
    assert chosen == ["carry", "carry 42 True", "carry 42 False", "close"]
    page.close()


@pytest.mark.browser
def test_the_time_runs_down_and_nothing_of_it_stays(chromium: Browser, address: str, agent: StandIn) -> None:
    page = opened(chromium, address)
    agent.show(LIVE, carry=OFFERED)
    shown(page, agent)
    first = page.get_by_role("timer").inner_text()
    expect(page.get_by_role("timer")).not_to_have_text(first)
    assert "0:00" < page.get_by_role("timer").inner_text() < first <= "1:50"
    agent.show(LIVE, carry=ASKED)
    shown(page, agent)
    assert page.locator(".code").count() == 0, "once a phone has asked, no other shall"
    agent.show(Attract(), carry=None)
    shown(page, agent)
    assert page.locator(".carry, #carry").count() == 0
    assert page.locator("#told").inner_text() == ""
    page.close()


@pytest.mark.browser
def test_in_the_largest_text_on_the_smallest_screen_one_can_answer_without_scrolling(
    chromium: Browser, address: str, agent: StandIn
) -> None:
    page = opened(chromium, address, "small")
    agent.show(LIVE, carry=ASKED, language="es")
    shown(page, agent)
    page.click("#size-200")
    for wanted in ("#carry-yes", "#carry-no"):
        fits(page, wanted, "small")
    expect(page.locator(".sign-shown")).to_be_in_viewport()
    assert page.evaluate("() => document.querySelector('.content').scrollWidth <= innerWidth")
    page.close()
