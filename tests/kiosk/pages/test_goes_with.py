"""What goes with a product stands in sight, however much there is to say about the product itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from server.wire import Offer, ReadOn
from tests.clock import NOW
from tests.kiosk.pages.glass import StandIn, opened, shown
from tests.kiosk.pages.views import FULL, LIVE

MUCH = FULL.model_copy(
    update={
        "offers": tuple(
            Offer(promotion_id=f"o{n}", headline={"en": "Autumn"}, condition=None, ends_at=NOW) for n in range(3)
        ),
        "read_on": tuple(ReadOn(kind="dpp", address=f"https://passport.example/{n}") for n in range(2)),
    }
)


@pytest.mark.browser
@pytest.mark.parametrize(("size", "in_sight"), [("wide", 4), ("large", 4), ("tall", 2), ("small", 1)])
def test_tiles_stand_in_sight_beside_much_to_read(
    chromium: Browser, address: str, agent: StandIn, size: str, in_sight: int
) -> None:
    page = opened(chromium, address, size)
    agent.show(replace(LIVE, card=MUCH))
    shown(page, agent)
    bar = page.locator(".bar").bounding_box()
    tiles = [tile.bounding_box() for tile in page.locator(".goes-with .tile").all()]
    here = page.locator(".here").bounding_box()
    assert bar
    assert here
    assert here["y"] + here["height"] <= bar["y"], "what there is to buy comes first"
    ends = [box["y"] + box["height"] for box in tiles if box]
    assert len([end for end in ends if end <= bar["y"]]) >= in_sight, (ends, bar)
    page.close()


@pytest.mark.browser
def test_a_tile_whose_own_time_is_known_keeps_its_price_beside_a_card_whose_is_past(
    chromium: Browser, address: str, agent: StandIn
) -> None:
    page = opened(chromium, address)
    first, *others = LIVE.goes_with
    timed = first.model_copy(update={"true_until": NOW + timedelta(hours=1)})
    agent.show(replace(LIVE, price_expired=True, goes_with=(timed, *others)))
    shown(page, agent)
    assert [tile.locator(".tile-price").count() for tile in page.locator(".goes-with .tile").all()] == [1, 0, 0, 0]
    page.close()
