"""A running promotion moves its goods up among near equals, to the second, and brings in nothing by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from kiosk.shelf import listed_at
from server.access.models import Store
from server.catalogue.models import Price, Stock, Variant
from server.db import changed
from server.promotions.models import Promotion
from server.promotions.saving import end, save
from server.recommendations.price_book import REST
from server.recommendations.serving import LOOK_EVERY, Serving
from server.recommendations.training import train
from server.taps.shelf import build_shelf
from tests.clock import NOW, FakeClock
from tests.server.recommendations.visits import PRODUCTS, open_shop, visit

SECOND = timedelta(seconds=1)
LONG_AGO = NOW - timedelta(days=100)


@pytest.fixture
def shop(session: Session) -> Session:
    """Boots that socks follow a little more than a mat does; everything costs 50, and stands here."""
    open_shop(session)
    for number, product in enumerate(PRODUCTS):
        session.add(Variant(gtin=f"020000000010{number}0", product_id=product, sku=product))
        session.flush()
        session.add(Price(store_id="MAD", gtin=f"020000000010{number}0", applies_from=LONG_AGO, minor=5000))
        session.add(Stock(store_id="MAD", gtin=f"020000000010{number}0", count=5, counted_at=NOW))
    for number in range(11):
        visit(
            session, 100 + number, "boots", "mat", at=NOW - timedelta(days=5, minutes=1) + timedelta(hours=number)
        )
    changed(session)
    train(session, NOW)
    session.commit()
    return session


def reduce_price(session: Session, product: str, now: datetime, **more: Any) -> None:
    rule = {"kind": "percent", "percent": 20, "products": [product]}
    row = Promotion(id=product, headline={"en": product}, rule=rule, **more)
    save(session, row, now=now)
    session.commit()


def local(at: datetime) -> datetime:
    """Return a moment as the clock in Madrid shows it."""
    return (at + timedelta(hours=1)).astimezone(UTC).replace(tzinfo=None)


class Asked:
    """What is listed after boots, once the store's prices were looked for."""

    def __init__(self, engine: Engine, clock: FakeClock) -> None:
        self.clock, self.serving = clock, Serving(engine, clock)
        self.listed()
        self.look()

    def look(self) -> None:
        self.clock.advance(LOOK_EVERY.total_seconds())
        self.serving.look(self.clock())

    def listed(self, count: int = 2) -> list[str]:
        found = self.serving.suggest(["boots"], store_id="MAD", allowed=frozenset(PRODUCTS), count=count)
        assert not found.degraded
        return [one.product_id for one in found.items]


def test_it_moves_up_among_near_equals_while_the_promotion_runs_to_the_second(
    shop: Session, engine: Engine, clock: FakeClock
) -> None:
    hour = timedelta(hours=1)
    reduce_price(shop, "mat", NOW, starts=local(NOW + hour), ends=local(NOW + 2 * hour))
    asked = Asked(engine, clock)
    told = {}
    for at in (NOW + 20 * SECOND, NOW + hour - SECOND, NOW + hour, NOW + 2 * hour - SECOND, NOW + 2 * hour):
        clock.advance((at - clock()).total_seconds())
        told[at - NOW] = asked.listed()
        asked.serving.look(at)  # what comes next is looked for before it comes
    assert list(told.values()) == [
        ["socks", "mat"],
        ["socks", "mat"],
        ["mat", "socks"],
        ["mat", "socks"],
        ["socks", "mat"],
    ]


def test_what_nothing_leads_to_is_not_listed_for_its_promotion(
    shop: Session, engine: Engine, clock: FakeClock
) -> None:
    before = Asked(engine, clock).listed(4)
    reduce_price(shop, "new-tent", clock())
    assert Asked(engine, clock).listed(2) == ["socks", "mat"]
    assert Asked(engine, clock).listed(4) == before


def test_one_that_is_ended_by_hand_counts_no_more_once_it_was_looked_for(
    shop: Session, engine: Engine, clock: FakeClock
) -> None:
    reduce_price(shop, "mat", NOW)
    asked = Asked(engine, clock)
    assert asked.listed() == ["mat", "socks"]
    end(shop, "mat", now=clock())
    shop.commit()
    asked.look()
    assert asked.listed() == ["socks", "mat"]
    assert REST * len(PRODUCTS) < LOOK_EVERY


def test_three_for_two_moves_up_too_and_a_reduced_price_more(
    shop: Session, engine: Engine, clock: FakeClock
) -> None:
    before = Asked(engine, clock).listed()
    rule = {"kind": "n_for_m", "buy": 3, "pay": 2, "products": ["mat"]}
    save(shop, Promotion(id="mats", headline={"en": "Mats"}, rule=rule), now=NOW)
    shop.commit()
    with_offer = Asked(engine, clock).listed()
    reduce_price(shop, "socks", NOW)
    assert (before, with_offer) == (["socks", "mat"], ["mat", "socks"])
    assert Asked(engine, clock).listed() == ["socks", "mat"]


def test_a_kiosks_copy_lists_in_the_order_of_the_moment(shop: Session, engine: Engine, clock: FakeClock) -> None:
    hour = timedelta(hours=1)
    reduce_price(shop, "mat", NOW, starts=local(NOW + hour), ends=local(NOW + 2 * hour))
    store, serving = shop.get_one(Store, "MAD"), Serving(engine, clock)
    held = build_shelf(shop, store, serving, known=-1, now=NOW, bodies={})
    told = {}
    for at in (NOW, NOW + hour - SECOND, NOW + hour, NOW + 2 * hour - SECOND, NOW + 2 * hour):
        listed = [one.product_id for one in listed_at(held, "boots", at)[0]]
        told[at - NOW] = [one for one in listed if one in {"socks", "mat"}]
    first, reduced = ["socks", "mat"], ["mat", "socks"]
    assert list(told.values()) == [first, first, reduced, reduced, first]
