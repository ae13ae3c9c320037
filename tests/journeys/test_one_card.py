"""The card on the kiosk, on the manager's preview and over the API says the same, to the cent, in every store."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from hardware.reader import Arrived
from hardware.tag import Outcome, TagRead
from kiosk.agent import Agent
from kiosk.client import Client
from kiosk.given import Surroundings
from kiosk.outbox import Outbox
from kiosk.screen import ScreenState, Showing
from kiosk.shelf import ShelfCopy
from kiosk.web import create_app, draw
from server.wire import ProductCard, Shelf
from shop.goods import goods
from shop.stories import STORES
from shop.wallet import HOST
from tests.browsing import running
from tests.clock import NOW, until
from tests.journeys.demo_shop import KIOSKS, PARTS, Said, Shop, read, said_by
from tests.kiosk.pages.glass import StandIn
from tests.kiosk.pages.views import SIZES
from tests.ports import free_port

LANGUAGES = ("en", "es")
GTINS = {good.id: good.pieces[0].gtin for good in goods()}
TELLING = {
    "boot-sierra": "small",  # reduced, with the prior price, and an offer with a condition
    "socks-lana": "wide",  # a member price, and three for two
    "wax-cuero": "large",  # a unit price
    "power-sol": "small",  # withdrawn
    "whistle-eco": "wide",  # without a price in Madrid
    "tent-estrella": "large",  # so much off, and another sum in London
}
"""What is looked at on the glass, and on which."""


@pytest.fixture(scope="module")
def shop(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(sqlite_template, folder / "shop.sqlite")
    made = Shop.stocked(f"sqlite:///{folder / 'shop.sqlite'}", folder)
    yield made
    made.app.extensions["house"].engine.dispose()


def drawn(shelf: Shelf, cards: dict[str, ProductCard], language: str, folder: Path) -> dict[str, Said]:
    """Return what a kiosk's screen says of cards."""
    agent = StandIn(folder)
    agent.shelf.take(shelf)
    found = {}
    with create_app(agent, port=0, secret="s").app_context():
        for product, card in cards.items():
            view = Showing(UUID(int=1), card, (), live=True, as_of=NOW)
            found[product] = read(draw(agent, ScreenState(number=1, view=view, language=language)))
    return found


@pytest.mark.parametrize("store", STORES)
def test_screen_preview_api_and_the_kiosks_own_copy_say_the_same_of_every_product(
    shop: Shop, store: str, tmp_path: Path
) -> None:
    cards = {product: shop.tapped(store, product).card for product in GTINS}
    shelf = shop.shelf(store)
    seen: set[str] = set()
    for language in LANGUAGES:
        shop.speak(language)
        expected = {product: said_by(card, store, language) for product, card in cards.items()}
        assert drawn(shelf, cards, language, tmp_path) == expected
        assert {product: read(shop.previewed(store, product)) for product in GTINS} == expected
        assert {
            product: said_by(shelf.cards[f"product:{product}"], store, language) for product in GTINS
        } == expected
        seen |= {part for said in expected.values() for part in said}
    assert seen == set(PARTS), "the demo shows every part"


@pytest.fixture
def agent(shop: Shop, store: str, tmp_path: Path) -> Iterator[tuple[Agent, str]]:
    """The kiosk's real agent in a store, on the real server over HTTP, and the address of its screen."""
    with running(shop.app) as server:
        given = Surroundings(lambda: NOW, time.perf_counter, os.urandom, timedelta(seconds=60))
        client = Client(server, shop.keys[KIOSKS[store]])
        agent = Agent(
            outbox=Outbox(tmp_path / "outbox.sqlite"), shelf=ShelfCopy(tmp_path), client=client, given=given
        )
        agent.shelf.take(shop.shelf(store))
        for name in agent.shelf.missing_pictures():
            agent.shelf.keep_picture(name, (shop.media / name).read_bytes())
        answering = threading.Thread(target=agent.run_live, daemon=True)
        answering.start()
        port = free_port()
        with running(create_app(agent, port=port, secret="s"), port) as address:
            yield agent, address
        agent.stop()
        answering.join()


@pytest.mark.browser
@pytest.mark.parametrize("store", STORES)
def test_the_glass_shows_what_the_api_says(
    shop: Shop, store: str, agent: tuple[Agent, str], chromium: Browser
) -> None:
    kiosk, address = agent
    page = chromium.new_page()
    page.goto(address)
    wrong = {}
    for number, (product, size) in enumerate(TELLING.items()):
        page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
        link = f"https://{HOST}/01/{GTINS[product]}"
        kiosk.listen(Arrived(TagRead(f"04FFFFFFFFFF{number:02X}", "NTAG213", link, Outcome.OK)))
        until(lambda: bool(getattr(kiosk.state().view, "live", False)))
        for language in LANGUAGES:
            kiosk.speak(language)
            page.wait_for_selector(f".frame[data-number='{kiosk.state().number}'][data-subject='{product}']")
            expected = said_by(shop.tapped(store, product).card, store, language)
            if read(page.inner_html(".about")) != expected:
                wrong[product, language] = read(page.inner_html(".about")), expected
            if folder := os.environ.get("SHELFTALKER_SCREENSHOTS"):
                page.screenshot(path=f"{folder}/{store}-{product}-{language}-{size}.png")
    page.close()
    assert wrong == {}
