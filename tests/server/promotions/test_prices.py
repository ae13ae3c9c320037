"""Prices one can believe: never negative, never a reduction that is none, windows by the store's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from server.access.models import Store
from server.errors import Invalid
from server.promotions import queries
from server.promotions.cards import product_cards
from server.promotions.models import Promotion
from server.promotions.prior_price import percent_off, prior_price
from server.promotions.rules import Rule, Running, price_with, reduced
from server.promotions.window import instant
from tests.clock import NOW
from tests.shopfloor import furnish

MADRID = ZoneInfo("Europe/Madrid")
RULES = st.one_of(
    st.integers(1, 100).map(lambda p: Rule(kind="percent", percent=p, everything=True)),
    st.integers(0, 50_000).map(lambda a: Rule(kind="fixed_off", amounts={"EUR": a}, everything=True)),
    st.integers(0, 50_000).map(lambda a: Rule(kind="fixed_price", amounts={"EUR": a}, everything=True)),
)
MANY = st.lists(st.tuples(RULES, st.integers(0, 3), st.booleans()), max_size=6).map(
    lambda drawn: [
        Running(f"p{n}", rule, (None, None), priority, alone) for n, (rule, priority, alone) in enumerate(drawn)
    ]
)


@given(MANY, st.integers(0, 100_000))
def test_a_price_is_never_below_zero_nor_above_the_list(promotions: list[Running], minor: int) -> None:
    outcome = price_with(promotions, minor, currency="EUR", now=NOW)
    assert 0 <= outcome.minor <= minor
    assert bool(outcome.applied) == (outcome.minor < minor)
    assert outcome == price_with(promotions[::-1], minor, currency="EUR", now=NOW)


@given(st.integers(1, 100_000), st.integers(0, 100_000))
def test_an_announced_percentage_never_overstates(prior: int, now: int) -> None:
    percent = percent_off(prior, now)
    if percent is None:
        assert now >= prior
    else:
        assert prior * (1 - percent / 100) >= now


@given(st.lists(st.tuples(st.integers(-200, -1), st.integers(1, 9999)), min_size=1, max_size=12))
def test_the_prior_price_is_never_above_the_price_when_the_window_opened(steps: list[tuple[int, int]]) -> None:
    history = sorted({NOW + timedelta(days=day): minor for day, minor in steps}.items())
    prior = prior_price(history, NOW)
    opened = [minor for at, minor in history if at <= NOW - timedelta(days=30)]
    if opened:
        assert prior is not None
        assert prior <= opened[-1]


def test_a_fixed_amount_in_another_currency_does_not_apply() -> None:
    assert reduced(Rule(kind="fixed_off", amounts={"GBP": 500}, everything=True), 1000, "EUR") == 1000


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        (datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 1, 0)),  # noqa: DTZ001 - local times have no zone
        (datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 0, 30)),  # noqa: DTZ001 - local times have no zone
    ],
)
def test_hours_that_never_come_or_come_twice_have_a_stated_meaning(local: datetime, utc: datetime) -> None:
    assert instant(local, MADRID) == utc.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "percent", "percent": 120, "everything": True},
        {"kind": "percent", "everything": True},
        {"kind": "fixed_off", "amounts": {"EUR": -5}, "everything": True},
        {"kind": "percent", "percent": 10},
        {"kind": "magic", "everything": True},
    ],
)
def test_an_impossible_promotion_is_refused_with_the_reason(session: Session, rule: dict[str, object]) -> None:
    with pytest.raises(Invalid, match="Promotion p cannot be"):
        queries.save(session, Promotion(id="p", headline={"en": "x"}, rule=rule))


def test_one_that_ends_before_it_starts_is_refused_and_if_stored_left_out(session: Session) -> None:
    furnish(session)
    rule = {"kind": "percent", "percent": 50, "everything": True}
    times = {"starts": datetime(2026, 11, 25), "ends": datetime(2026, 11, 20)}  # noqa: DTZ001 - local times have no zone
    bad = Promotion(id="bad", headline={"en": "x"}, rule=rule, **times)
    with pytest.raises(Invalid, match="not after it starts"):
        queries.save(session, bad)
    session.add(bad)
    session.commit()
    store = session.get(Store, "MAD")
    assert store is not None
    card = product_cards(session, store, [("boot", None)], now=NOW)["product:boot"]
    assert card.price is not None
    assert (card.price.now.minor, card.price.was, card.offers) == (12000, None, ())


def test_a_reduction_shows_the_prior_price_and_its_last_moment(session: Session) -> None:
    furnish(session)
    times = {"starts": datetime(2026, 11, 20), "ends": datetime(2026, 11, 24, 13, 0)}  # noqa: DTZ001 - local times have no zone
    rule = {"kind": "percent", "percent": 25, "categories": ["all"]}
    queries.save(session, Promotion(id="p", headline={"en": "x"}, rule=rule, **times))
    tied = {"kind": "n_for_m", "products": ["boot"]}
    queries.save(session, Promotion(id="q", headline={"en": "y"}, condition={"en": "take two"}, rule=tied))
    session.commit()
    store = session.get(Store, "MAD")
    assert store is not None
    card = product_cards(session, store, [("boot", None)], now=NOW)["product:boot"]
    assert card.price is not None
    assert card.price.was is not None
    assert (card.price.now.minor, card.price.was.minor, card.price.percent_off) == (9000, 12000, 25)
    assert {offer.promotion_id for offer in card.offers} == {"p", "q"}
    assert card.true_until == datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    after = product_cards(session, store, [("boot", None)], now=card.true_until)["product:boot"]
    assert after.price is not None
    assert (after.price.now.minor, after.price.was) == (12000, None)
