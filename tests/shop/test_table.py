"""The table of tags in a real browser: everything can be laid down and taken away, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from hardware.virtual import VirtualField
from shop.draw import draw_all
from shop.goods import goods
from shop.stock_up import demo_tags
from shop.stories import SIGNS
from shop.table import create_table
from shop.wallet import bound, wallet
from tests.browsing import running, violations

Fields = dict[str, VirtualField]


@pytest.fixture
def fields() -> Iterator[Fields]:
    with VirtualField() as kiosk, VirtualField() as desk:
        yield {"kiosk": kiosk, "desk": desk}


@pytest.fixture
def address(fields: Fields, tmp_path: Path) -> Iterator[str]:
    links = {"kiosk": "http://127.0.0.1:9/", "console": "http://127.0.0.1:9/"}
    with running(create_table(fields, draw_all(tmp_path), media=str(tmp_path), links=links)) as found:
        yield found


def opened(chromium: Browser, address: str, language: str = "en", size: tuple[int, int] = (1280, 800)) -> Page:
    page = chromium.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(f"{address}/?lang={language}")
    return page


@pytest.mark.browser
@pytest.mark.parametrize("size", [(800, 480), (1280, 800), (1080, 1920)])
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_table_has_no_barrier(chromium: Browser, address: str, language: str, size: tuple[int, int]) -> None:
    page = opened(chromium, address, language, size)
    assert page.get_attribute("html", "lang") == language
    assert violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    page.close()


@pytest.mark.browser
def test_a_tag_lies_where_it_was_laid_until_it_is_taken(chromium: Browser, address: str, fields: Fields) -> None:
    page = opened(chromium, address)
    tag = demo_tags()[0]
    name = next(good.name["en"] for good in goods() if good.id == tag.product)
    page.click(f"button[aria-label='{name}: on the kiosk']")
    page.wait_for_selector(".reader.full")
    assert page.inner_text(".reader.full [role=status]") == name
    lying = fields["kiosk"].lying
    assert lying
    assert lying.uid.hex().upper() == tag.uid
    assert fields["desk"].lying is None
    page.click("text=Take away")
    page.wait_for_selector(".reader.full", state="detached")
    assert fields["kiosk"].lying is None
    page.close()


@pytest.mark.browser
def test_every_odd_one_says_what_to_look_for_and_can_be_laid_on_the_desk(
    chromium: Browser, address: str, fields: Fields
) -> None:
    page = opened(chromium, address, "es")
    for key, odd in wallet().items():
        assert page.inner_text(f"#{key} .word") == odd.word["es"]
        page.click(f"#{key} form:nth-of-type(2) button")
        page.wait_for_load_state()
        lying = fields["desk"].lying
        assert lying, key
        assert lying in odd.tags
    page.close()


def test_all_that_is_bound_lies_on_the_table(address: str, chromium: Browser) -> None:
    page = opened(chromium, address)
    keys = set(page.eval_on_selector_all("main li", "all => all.map(one => one.id)"))
    assert keys == {tag.uid for tag in demo_tags()} | set(wallet())
    assert set(bound().values()) <= {good.id for good in goods()}
    assert {tag.target for tag in demo_tags() if not tag.product} == set(SIGNS)
    page.close()


def test_only_the_tables_own_buttons_lay_tags(fields: Fields, tmp_path: Path) -> None:
    app = create_table(fields, draw_all(tmp_path), media=str(tmp_path), links={"kiosk": "", "console": ""})
    assert app.test_client().post("/kiosk/blank", data={"token": "guessed"}).status_code == 403
    assert fields["kiosk"].lying is None
