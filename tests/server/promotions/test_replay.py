"""What last week would have cost: only the lists a change reaches are named, with both costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from server.catalogue.rules import ListPrice
from server.promotions.prior_price import EUROPE
from server.promotions.rules.inputs import Inputs, Place
from server.promotions.rules.policy import HOUSE, Policy
from server.promotions.rules.replay import Changed, Past, replay, with_promotion, without
from server.promotions.rules.rule import Rule
from server.promotions.rules.running import Running
from server.promotions.rules.scope import Wanted

MONDAY = datetime(2026, 11, 16, 11, tzinfo=UTC)


def running(key: str, **rule: object) -> Running:
    return Running(key, Rule.model_validate(rule))


def variant(name: str, minor: int, *promotions: Running) -> Inputs:
    place = Place("MAD", "EUR", ZoneInfo("Europe/Madrid"))
    steps = (ListPrice(MONDAY - timedelta(days=90), minor),)
    return Inputs(Wanted(name, name, 0), steps, promotions, place, HOUSE, EUROPE)


HALF = running("half", kind="percent", percent=50, products=["sock"])
THREE = running("three", kind="n_for_m", buy=3, pay=2, products=["sock"])
LISTS = [
    Past("one sock", MONDAY, [(variant("sock", 900, HALF), 1)]),
    Past("three socks", MONDAY, [(variant("sock", 900, HALF), 3), (variant("boot", 12000), 1)]),
    Past("a boot", MONDAY, [(variant("boot", 12000), 1)]),
]


def test_another_promotion_names_the_lists_it_changes() -> None:
    assert list(replay(LISTS, without("half"))) == [
        Changed("one sock", 450, 900),
        Changed("three socks", 13350, 14700),
    ]
    assert list(replay(LISTS, with_promotion(THREE))) == [Changed("three socks", 13350, 12900)]


def test_a_promotion_by_the_same_name_takes_the_other_s_place() -> None:
    dearer = running("half", kind="percent", percent=10, products=["sock"])
    assert list(replay(LISTS[:1], with_promotion(dearer))) == [Changed("one sock", 450, 810)]


def test_another_policy_is_a_change_too() -> None:
    both = Past("both", MONDAY, [(variant("sock", 900, HALF, replace(HALF, id="again")), 1)])
    best = Policy(combine="best")
    assert list(replay([both], lambda inputs: replace(inputs, policy=best))) == [Changed("both", 225, 450)]
