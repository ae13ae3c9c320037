"""What the law says of reductions, case by case (facts of Directive 98/6/EC, Article 6a, and of the Court)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from server.catalogue.rules import ListPrice, unit_price
from server.promotions.prior_price import EUROPE, STATES, PriorPolicy, percent_off, prior_price
from server.promotions.rules.decision import decide, true_in
from server.promotions.rules.inputs import Inputs, Place
from server.promotions.rules.policy import HOUSE
from server.promotions.rules.rule import Rule
from server.promotions.rules.running import Running
from server.promotions.rules.scope import Wanted

MADRID = ZoneInfo("Europe/Madrid")


def day(month: int, number: int) -> datetime:
    return datetime(2026, month, number, tzinfo=MADRID)


def cut(key: str, percent: int, start: datetime, end: datetime | None = None) -> Running:
    rule = Rule.model_validate({"kind": "percent", "percent": percent, "everything": True, "group": "campaign"})
    return Running(key, rule, start.replace(tzinfo=None), end and end.replace(tzinfo=None))


def told(
    promotions: list[Running], at: datetime, prior: PriorPolicy = EUROPE, *, steps: tuple[ListPrice, ...] = ()
) -> tuple[int, int | None, Decimal | None]:
    """Return the price, the prior price that may stand beside it, and the percentage."""
    inputs = Inputs(
        Wanted("g", "a", 0, categories=("fish",)),
        steps or (ListPrice(day(1, 1), 10_000),),
        promotions,
        Place("S", "EUR", MADRID),
        HOUSE,
        prior,
    )
    decision = decide(inputs, at)
    assert decision is not None
    reduction = decision.reduction
    return decision.minor, reduction and reduction.prior, reduction and reduction.percent


def test_the_window_ends_where_the_reduction_starts() -> None:
    assert told([cut("p", 20, day(2, 1))], day(2, 20)) == (8000, 10_000, Decimal(20))


def test_a_campaign_that_deepens_keeps_its_first_prior_price_only_where_the_state_says_so() -> None:
    steps = [cut("p", 20, day(2, 1), day(2, 10)), cut("q", 40, day(2, 10))]
    assert told(steps, day(2, 20)) == (6000, 8000, Decimal(25))
    assert told(steps, day(2, 20), STATES["FI"]) == (6000, 10_000, Decimal(40))
    assert told(steps, day(4, 20), STATES["FI"]) == (6000, 8000, Decimal(25)), "sixty days are over"


def test_the_end_of_the_sixty_days_ends_the_card() -> None:
    steps = [cut("p", 20, day(2, 1), day(2, 10)), cut("q", 40, day(2, 10))]
    inputs = Inputs(
        Wanted("g", "a", 0), (ListPrice(day(1, 1), 10_000),), steps, Place("S", "EUR", MADRID), HOUSE, STATES["FI"]
    )
    over = day(2, 1).astimezone(UTC) + timedelta(days=60)
    assert true_in(inputs, over - timedelta(hours=3))[1] == over
    assert decide(inputs, over - timedelta(hours=3)) != decide(inputs, over)


def test_a_reduction_to_a_price_asked_within_the_thirty_days_is_none() -> None:
    steps = (ListPrice(day(1, 1), 8000), ListPrice(day(1, 10), 10_000))
    assert told([cut("p", 10, day(1, 20))], day(1, 25), steps=steps) == (9000, None, None)
    assert told([cut("p", 20, day(1, 20))], day(1, 25), steps=steps) == (8000, None, None)
    assert told([cut("p", 30, day(1, 20))], day(1, 25), steps=steps) == (7000, 8000, Decimal("12.5"))


@pytest.mark.parametrize(("last_day", "prior"), [(1, 10_000), (2, 8000)])
def test_a_price_from_before_counts_while_it_still_applied_when_the_window_opened(
    last_day: int, prior: int
) -> None:
    """The window of a reduction on 31 January opens on the 1st: a price replaced at that moment is outside."""
    steps = (ListPrice(datetime(2025, 6, 1, tzinfo=UTC), 8000), ListPrice(day(1, last_day), 10_000))
    assert told([cut("p", 30, day(1, 31))], day(2, 5), steps=steps)[1] == prior


def test_goods_new_on_the_market_look_back_as_far_as_they_can_or_announce_nothing() -> None:
    steps, promotion = (ListPrice(day(3, 1), 10_000),), [cut("p", 20, day(3, 13))]
    assert told(promotion, day(3, 14), steps=steps)[1] == 10_000
    assert told(promotion, day(3, 14), PriorPolicy(new_arrivals="none"), steps=steps) == (8000, None, None)


def test_goods_that_spoil_may_be_measured_on_the_price_just_before() -> None:
    steps = (ListPrice(day(3, 1), 5000), ListPrice(day(3, 10), 10_000))
    spoils = PriorPolicy(perishables="last_price", perishable_categories=("fish",))
    assert told([cut("p", 20, day(3, 13))], day(3, 14), steps=steps) == (8000, None, None)
    assert told([cut("p", 20, day(3, 13))], day(3, 14), spoils, steps=steps) == (8000, 10_000, Decimal(20))


def test_a_happy_hour_every_day_is_no_reduction_from_the_second_day_on() -> None:
    hours = {"hour_from": "17:00", "hour_to": "19:00"}
    rule = Rule.model_validate({"kind": "percent", "percent": 20, "everything": True, "schedule": hours})
    happy = Running("p", rule, datetime(2026, 3, 1))  # noqa: DTZ001 - local times have no zone
    six = timedelta(hours=18)
    assert told([happy], day(3, 1) + six) == (8000, 10_000, Decimal(20))
    assert told([happy], day(3, 2) + six) == (8000, None, None)


def test_the_percentage_of_the_court_is_on_the_prior_price_and_never_overstates() -> None:
    assert (percent_off(129, 129), percent_off(129, 130), percent_off(0, 0)) == (None, None, None)
    assert (percent_off(8000, 7000), percent_off(300, 200)) == (Decimal("12.5"), Decimal("33.3"))
    assert prior_price([(day(1, 1), 129), (day(2, 1), 169)], day(2, 20)) == 129


def test_the_unit_price_follows_the_price_that_is_shown() -> None:
    assert unit_price(249, Decimal(330), "ml") == (755, "l")
    assert unit_price(199, Decimal(330), "ml") == (603, "l")
