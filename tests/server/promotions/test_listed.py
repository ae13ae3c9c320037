"""Price lists: which price is asked, by one rule, and what was asked over time, on cards and for prior prices."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from server.access.models import Store
from server.catalogue.models import ListedPrice, Price, PriceList
from server.catalogue.rules import ListPrice, price_at
from server.db import changed
from server.promotions.cards import in_stock, product_cards
from server.promotions.models import Promotion
from server.promotions.rules.listed import Listed, Validity, asked
from server.promotions.saving import save
from server.wire import PriceLine
from tests.clock import NOW
from tests.shopfloor import BOOT_38, BOOT_39, LAMP, furnish

MADRID = ZoneInfo("Europe/Madrid")


def local(*numbers: int) -> datetime:
    """Return a time on a store's wall clock."""
    return datetime(2026, *numbers)  # type: ignore[misc,arg-type]  # noqa: DTZ001 - local times have no zone


days = st.integers(0, 20).map(lambda day: local(11, 1) + timedelta(days=day))
lists = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from([None, "MAD"]), days, st.none() | days).filter(
        lambda told: told[3] is None or told[3] > told[2]
    ),
    max_size=5,
    unique_by=lambda told: told[0],
)
steps = st.lists(days, max_size=4, unique=True).map(
    lambda at: [ListPrice(day.replace(tzinfo=UTC), 100 + n) for n, day in enumerate(sorted(at))]
)


@given(lists, steps, st.integers(0, 24 * 22))
def test_at_every_moment_the_rule_names_the_price(
    drawn: list[tuple[str, str | None, datetime, datetime | None]], own: list[ListPrice], hours: int
) -> None:
    at = local(11, 1).replace(tzinfo=UTC) + timedelta(hours=hours)
    shown = at.astimezone(MADRID).replace(tzinfo=None)
    listed = [
        Listed.on(Validity(key, store, "EUR", starts, ends), MADRID, (n + 1, None, 0))
        for n, (key, store, starts, ends) in enumerate(drawn)
    ]
    in_force = [
        (store is not None, starts, key, n + 1)
        for n, (key, store, starts, ends) in enumerate(drawn)
        if starts <= shown and (ends is None or shown < ends)
    ]
    expected = max(in_force)[-1] if in_force else next((s.minor for s in reversed(own) if s.at <= at), None)
    found = price_at(asked(own, listed), at)
    assert (found and found.minor) == expected


@pytest.fixture
def shop(session: Session) -> Session:
    furnish(session)
    return session


def plan(session: Session, key: str, starts: datetime, ends: datetime | None = None, **prices: int) -> None:
    store, currency = ("MAD", "EUR") if key.startswith("own") else (None, "GBP" if key == "pounds" else "EUR")
    row = PriceList(id=key, name={"en": key}, store_id=store, currency=currency, starts=starts, ends=ends)
    session.add(row)
    session.flush()
    named = {"boot": (BOOT_38, BOOT_39), "lamp": (LAMP,)}
    for product, minor in prices.items():
        session.add_all(ListedPrice(list_id=key, gtin=gtin, minor=minor) for gtin in named[product])
    changed(session)
    session.commit()


def price(session: Session, now: datetime = NOW, product: str = "boot") -> PriceLine | None:
    store = session.get_one(Store, "MAD")
    return product_cards(session, store, [(product, None)], now=now)[f"product:{product}"].price


def minor(session: Session, now: datetime = NOW, product: str = "boot") -> int | None:
    line = price(session, now, product)
    return None if line is None else line.now.minor


def test_the_stores_own_list_goes_before_the_chains_and_pounds_are_no_price_in_madrid(shop: Session) -> None:
    plan(shop, "chain", local(11, 20), boot=11000)
    plan(shop, "pounds", local(11, 22), boot=1)
    assert minor(shop) == 11000
    plan(shop, "own", local(11, 1), local(11, 25), boot=10000)
    assert minor(shop) == 10000
    store = shop.get_one(Store, "MAD")
    card = product_cards(shop, store, [("boot", None)], now=NOW)["product:boot"]
    assert card.true_until == datetime(2026, 11, 24, 23, tzinfo=UTC), "its own list ends by Madrid's clock"
    assert minor(shop, card.true_until) == 11000


def test_a_list_that_ends_gives_the_own_price_back_or_none(shop: Session) -> None:
    plan(shop, "chain", local(11, 20), local(11, 25), boot=11000, lamp=500)
    over = NOW + timedelta(days=1)
    assert (minor(shop, NOW, "lamp"), minor(shop, over, "lamp"), minor(shop, over)) == (500, None, 12000)


def test_the_prior_price_remembers_what_a_list_asked(shop: Session) -> None:
    plan(shop, "own", local(11, 1), local(11, 10), boot=9500)
    rule = {"kind": "percent", "percent": 25, "everything": True}
    save(
        shop,
        Promotion(id="p", headline={"en": "p"}, rule=rule, starts=local(11, 20)),
        now=NOW - timedelta(days=60),
    )
    shop.commit()
    line = price(shop)
    assert line is not None
    assert line.was is not None
    assert (line.now.minor, line.was.minor, line.percent_off) == (9000, 9500, 5)


def test_what_only_a_list_prices_is_suggested_while_it_is_in_force(shop: Session) -> None:
    plan(shop, "chain", local(11, 20), local(11, 25), boot=11000)
    shop.query(Price).filter(Price.gtin.in_([BOOT_38, BOOT_39])).delete()
    shop.commit()
    assert [("boot" in in_stock(shop, "MAD", at)) for at in (NOW, NOW + timedelta(days=1))] == [True, False]
