"""What is pressed on the shopper's screen, and what a shopper agrees to there, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.kiosk.pages.glass import StandIn, opened, shown
from tests.kiosk.pages.views import LIVE, SIZES, VIEWS


@pytest.mark.browser
def test_buttons_do_what_they_say_and_the_page_tells_what_it_painted(
    chromium: Browser, address: str, agent: StandIn
) -> None:
    page = opened(chromium, address)
    agent.show(LIVE, warning_seconds=12)
    shown(page, agent)
    page.click("#stay")
    agent.show(LIVE, warning_seconds=None)
    shown(page, agent)
    for wanted in ("#tile-1", "#language-es", "#call", "#done"):
        page.click(wanted)
    page.wait_for_timeout(300)
    assert {"pick p0", "speak es", "call", "done", "still here", f"painted {agent.now.number}"} <= set(agent.asked)
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
def test_no_is_as_easy_as_yes_and_nothing_is_chosen_beforehand(
    chromium: Browser, address: str, agent: StandIn, size: str
) -> None:
    page = opened(chromium, address, size)
    agent.show(VIEWS["asked"])
    shown(page, agent)
    assert [b.get_attribute("aria-pressed") for b in page.locator("[id$=-yes]").all()] == ["false"] * 3
    yes, no = (page.locator(f"#service-{word}").bounding_box() for word in ("yes", "no"))
    assert yes
    assert no
    assert (yes["width"], yes["height"], yes["y"]) == (no["width"], no["height"], no["y"])
    assert yes["y"] + yes["height"] <= SIZES[size][1] - 64, "the first question stands above the bar"
    assert page.locator("#personalisation-yes").is_disabled(), "there is nobody yet whose visits to look at"
    page.click("#service-yes")
    agent.show(VIEWS["asked"], agreed=("service",))
    shown(page, agent)
    for wanted in ("#personalisation-yes", "#service-no"):
        page.click(wanted)
    agent.show(LIVE)
    shown(page, agent)
    page.click("#choices")
    page.wait_for_timeout(300)
    chosen = ["choose service True", "choose personalisation True", "choose service False", "choices"]
    assert [one for one in agent.asked if one.startswith("choo") or one == "choices"] == chosen
    page.close()
