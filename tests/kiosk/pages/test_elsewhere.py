"""What is missing here is said to be elsewhere, in the shopper's language."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from server.wire import Elsewhere, VariantLine
from tests.clock import NOW
from tests.kiosk.pages.glass import StandIn, opened, shown
from tests.kiosk.pages.views import FULL, LIVE
from tests.kiosk.stand_ins import card

LINES = tuple(
    VariantLine(gtin=f"0200000000{n:04}", size=size, colour=colour, in_stock=0, price=None)
    for n, (size, colour) in enumerate([("36", {"en": "Red", "es": "Rojo"}), (None, None)])
)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "metres", "lines", "words"),
    [
        ("en", 1_264_000, LINES[:1], "London, 1264 km from here, has: 36 Red"),
        ("es", 3_460, LINES[:1], "London, a 3,5 km de aquí, tiene: 36 Rojo"),
        ("es", 3_460, LINES[1:], "London, a 3,5 km de aquí, tiene: Bota"),
    ],
)
def test_the_nearest_store_that_has_it(
    chromium: Browser, address: str, agent: StandIn, *, language: str, metres: int, lines: tuple, words: str
) -> None:
    there = Elsewhere(store="London", metres=metres, gtins=tuple(line.gtin for line in lines), counted_at=NOW)
    page = opened(chromium, address)
    told = card(variants=lines, elsewhere=(there,), place=FULL.place, facts=FULL.facts)
    agent.show(replace(LIVE, card=told), language=language)
    shown(page, agent)
    assert " ".join(page.locator(".elsewhere").inner_text().split()) == words
    page.close()
