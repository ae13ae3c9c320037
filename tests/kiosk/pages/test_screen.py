"""The shopper's screen in a real browser: every state, two languages, four sizes, no barrier."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page

from kiosk.given import ServerClock, Surroundings
from kiosk.screen import Attract, Looking, Notice, ScreenState, Showing, Starting, View
from kiosk.shelf import ShelfCopy
from kiosk.web import create_app
from kiosk.words import last_day
from server.wire import (
    Money,
    Offer,
    PersonCard,
    Place,
    PriceLine,
    SignCard,
    Tile,
    UnknownCard,
    VariantLine,
    locale_for,
    written,
)
from tests.browsing import running, violations
from tests.clock import NOW
from tests.kiosk.stand_ins import card, shelf
from tests.ports import free_port

TAP = UUID(int=1)
EURO = PriceLine(now=Money(minor=15120, currency="EUR"), was=Money(minor=18900, currency="EUR"), percent_off=20)
TILES = tuple(
    Tile(
        product_id=f"p{n}",
        name={"en": f"Thing {n}", "es": f"Cosa {n}"},
        picture=None,
        price=EURO,
        reason={"en": "Often looked at after Boot", "es": "Muchos lo miran después de Bota"},
    )
    for n in range(4)
)
FULL = card(
    price=EURO,
    offers=(Offer(promotion_id="o", headline={"en": "Autumn"}, condition={"en": "Take two"}, ends_at=NOW),),
    variants=tuple(
        VariantLine(
            gtin="02000000000015",
            size=str(n),
            colour={"en": "Red"},
            colour_code="#aa0000",
            in_stock=n % 3,
            price=None,
        )
        for n in range(36, 44)
    ),
    place=Place(zone={"en": "Hall"}, fixture={"en": "bay 2"}, shelf=3),
    stock_checked_at=NOW,
)
SIGN = SignCard(
    sign_id="s", title={"en": "Rain"}, body={"en": "Dry"}, tiles=TILES, true_from=NOW, true_until=NOW, revision=1
)
LIVE = Showing(TAP, FULL, TILES, live=True, as_of=NOW)
VIEWS: dict[str, View] = {
    "attract": Attract(),
    "starting": Starting(),
    "looking": Looking(TAP),
    "product": LIVE,
    "remembered": replace(LIVE, live=False),
    "expired": replace(LIVE, live=False, price_expired=True),
    "withdrawn": replace(LIVE, card=card(withdrawn=True, notice={"en": "Bring it back"})),
    "no price": replace(LIVE, card=card(price=None)),
    "sign": Showing(TAP, SIGN, (), live=True, as_of=NOW),
    "unknown": Showing(TAP, UnknownCard(), (), live=True, as_of=NOW),
    "asked": Showing(TAP, PersonCard(), (), live=True, as_of=NOW),
    "another's": Showing(TAP, PersonCard(taken=True), (), live=True, as_of=NOW),
    "foreign": Notice("foreign"),
    "collision": Notice("collision"),
    "hold still": Notice("hold_still"),
    "not known offline": Notice("not_known_offline"),
}
SIZES = {"small": (800, 480), "wide": (1280, 800), "tall": (720, 1280), "large": (1080, 1920)}


class StandIn:
    """An agent that shows what it is told and notes what is asked of it."""

    def __init__(self, folder: Path) -> None:
        self.shelf = ShelfCopy(folder)
        self.shelf.take(shelf())
        self.clock = ServerClock(Surroundings(lambda: NOW, float, bytes, timedelta(0), ""))
        self.now = ScreenState(number=1, view=Attract(), language="en")
        self.asked: list[str] = []

    def show(self, view: View, **more: object) -> None:
        self.now = replace(self.now, number=self.now.number + 1, view=view, **more)  # type: ignore[arg-type]

    def state(self) -> ScreenState:
        return self.now

    def wait(self, after: int, timeout: float) -> ScreenState:
        for _ in range(int(timeout * 50)):
            if self.now.number > after:
                break
            time.sleep(0.02)
        return self.now

    def picture(self, name: str) -> Path | None:
        return None

    def pick(self, product_id: str) -> None:
        self.asked.append(f"pick {product_id}")

    def done(self) -> None:
        self.asked.append("done")

    def still_here(self) -> None:
        self.asked.append("still here")

    def speak(self, language: str) -> None:
        self.asked.append(f"speak {language}")

    def call_staff(self) -> None:
        self.asked.append("call")

    def choose(self, purpose: str, yes: bool) -> None:
        self.asked.append(f"choose {purpose} {yes}")

    def show_choices(self) -> None:
        self.asked.append("choices")

    def painted(self, number: int) -> None:
        self.asked.append(f"painted {number}")


@pytest.fixture
def agent(tmp_path: Path) -> StandIn:
    return StandIn(tmp_path)


@pytest.fixture
def address(agent: StandIn) -> Iterator[str]:
    port = free_port()
    with running(create_app(agent, port=port, secret="s"), port) as found:
        yield found


def opened(chromium: Browser, address: str, size: str = "wide") -> Page:
    width, height = SIZES[size]
    page = chromium.new_page(viewport={"width": width, "height": height})
    page.goto(address)
    page.wait_for_selector(".frame")
    return page


def shown(page: Page, agent: StandIn) -> None:
    page.wait_for_selector(f".frame[data-number='{agent.now.number}']")


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
