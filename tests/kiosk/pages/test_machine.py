"""The page on the machine: what it says of its readers, how one comes to it, and how it gives the shop back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from hardware.fault import ReaderFault
from kiosk.machine import said
from kiosk.web import create_app, show_machine
from server.wire import Heartbeat, ReaderRecord
from tests.browsing import running, violations
from tests.clock import NOW
from tests.kiosk.pages.glass import StandIn, opened, shown
from tests.kiosk.pages.views import LIVE, SIZES
from tests.ports import free_port

GOOD = ReaderRecord(
    name="usb:1-1.4", state="working", opens=2, faults=1, last_tap_at=NOW, read_ms_p50=4.21, read_ms_p95=34.5
)
PULLED = ReaderRecord(
    name="tty:AMA0:pn532", state="fault", words="newer words", fault="port_empty", where="1-1.4", faults=3
)
BEAT = Heartbeat(
    version="9.8", boot_id="b", reader="ready", readers=(GOOD, PULLED), waiting=41, quarantined=7, last_tap_at=NOW
)


class Telling:
    """What the kiosk says of itself now."""

    def __init__(self) -> None:
        self.beat = BEAT

    def __call__(self) -> Heartbeat:
        return self.beat


@pytest.fixture
def telling() -> Telling:
    return Telling()


@pytest.fixture
def address(agent: StandIn, telling: Telling) -> Iterator[str]:
    port = free_port()
    app = create_app(agent, port=port, secret="s")
    show_machine(app, agent, telling)
    with running(app, port) as found:
        yield found


@pytest.mark.browser
@pytest.mark.parametrize("size", ["small", "wide", "large"])
@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            [
                "41",
                "7",
                "works",
                "does not work",
                "Nothing is plugged into the USB port 1-1.4.",
                "4,2 ms · 34,5 ms",
            ],
        ),
        ("es", ["41", "7", "funciona", "no funciona", "puerto USB 1-1.4", "4,2 ms · 34,5 ms"]),
    ],
)
def test_the_team_reads_how_each_reader_does_in_the_screens_language(
    chromium: Browser, address: str, agent: StandIn, *, language: str, size: str, told: list[str]
) -> None:
    page = opened(chromium, address, size)
    agent.show(agent.now.view, language=language)
    shown(page, agent)
    page.locator(".about-machine").click()
    page.wait_for_selector(".machine")
    text = " ".join(page.locator("main").inner_text().split())
    assert [words for words in told if words not in text] == []
    assert "newer words" not in text
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= SIZES[size][0]
    assert violations(page) == []
    page.close()


@pytest.mark.browser
def test_a_tap_brings_the_shop_back_and_a_change_nobody_tapped_does_not(
    chromium: Browser, address: str, agent: StandIn
) -> None:
    page = opened(chromium, f"{address}/machine")
    agent.show(agent.now.view, offline_since=NOW)
    page.wait_for_timeout(500)
    assert page.locator(".machine").count() == 1
    agent.show(LIVE)
    expect(page.locator("h1")).to_have_text("Boot <b>&")
    page.close()


@pytest.mark.browser
def test_it_can_be_asked_again_and_left(chromium: Browser, address: str, agent: StandIn, telling: Telling) -> None:
    page = opened(chromium, f"{address}/machine")
    telling.beat = replace_readers(BEAT, ())
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("alert")).to_contain_text("No reader is set.")
    page.get_by_role("link", name="Back to the shop").click()
    expect(page.locator(".attract")).to_be_visible()
    page.close()


@pytest.mark.parametrize("fault", [*ReaderFault, "one_of_a_newer_kind"])
def test_every_fault_is_said_in_the_language_of_the_page(fault: str) -> None:
    told = PULLED.model_copy(update={"fault": fault})
    in_english, in_spanish = (said(told, language) for language in ("en", "es"))
    if fault in set(ReaderFault):
        assert in_english != in_spanish
    else:
        assert in_english == in_spanish == "newer words"


def test_a_reader_that_works_has_nothing_to_say() -> None:
    assert said(GOOD, "es") == ""


def replace_readers(beat: Heartbeat, readers: tuple[ReaderRecord, ...]) -> Heartbeat:
    return beat.model_copy(update={"readers": readers})
