"""Goods, rules, policies and lists drawn at random, of every kind there is."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from server.promotions.rules.condition import Condition
from server.promotions.rules.policy import Policy, Stage
from server.promotions.rules.pricing import Line
from server.promotions.rules.rule import Part, Rule, Tier
from server.promotions.rules.running import Running
from server.promotions.rules.schedule import Schedule
from server.promotions.rules.scope import Scope, Wanted
from server.promotions.rules.situation import Situation
from tests.clock import NOW

MADRID = ZoneInfo("Europe/Madrid")
HERE = Situation("MAD", "EUR", MADRID, NOW)
NAMES = ("a", "b", "c", "d")

wanted = st.builds(
    lambda name, minor, floor, free, was: Wanted(
        gtin=name,
        product_id=name,
        minor=minor,
        brand="x" if name in "ab" else "y",
        categories=("ab" if name in "ab" else "cd", "all"),
        floor=min(floor, minor),
        discountable=free,
        reduced_from=was,
    ),
    st.sampled_from(NAMES),
    st.integers(0, 20_000),
    st.integers(0, 15_000),
    st.sampled_from([True, True, True, False]),
    st.none() | st.integers(0, 30_000),
)
goods = st.lists(wanted, min_size=1, max_size=4, unique_by=lambda one: one.gtin)
lines = st.lists(
    st.builds(Line, wanted, st.integers(1, 5)), min_size=1, max_size=4, unique_by=lambda x: x.wanted.gtin
)

scope_names = st.sampled_from(
    [
        {"everything": True},
        {"products": ("a",)},
        {"categories": ("ab",)},
        {"brands": ("y",)},
        {"gtins": ("b", "c")},
    ]
)
ranges = st.sampled_from([{}, {}, {}, {"price_from": {"EUR": 1000}}, {"price_to": {"EUR": 9000}}])
scopes = st.builds(lambda names, limits: names | limits, scope_names, ranges)
percents = st.integers(1, 100)
amounts = st.integers(1, 15_000).map(lambda minor: {"EUR": minor})

one_unit = st.one_of(
    percents.map(lambda p: {"kind": "percent", "percent": p}),
    amounts.map(lambda a: {"kind": "fixed_off", "amounts": a}),
    amounts.map(lambda a: {"kind": "fixed_price", "amounts": a}),
)
whole_list = st.one_of(
    percents.map(lambda p: {"kind": "percent", "percent": p, "on": "list"}),
    amounts.map(lambda a: {"kind": "fixed_off", "amounts": a, "on": "list"}),
)
tiers = st.lists(st.integers(1, 6), min_size=1, max_size=3, unique=True).map(
    lambda steps: {
        "kind": "tiers",
        "tiers": tuple(Tier(quantity=n, percent=min(100, n * 15)) for n in sorted(steps)),
    }
)
several = st.one_of(
    st.tuples(st.integers(2, 4), st.integers(0, 3))
    .filter(lambda x: x[1] < x[0])
    .map(lambda x: {"kind": "n_for_m", "buy": x[0], "pay": x[1]}),
    st.builds(
        lambda buy, get, percent, other: (
            {"kind": "buy_x_get_y", "buy": buy, "get": get, "percent": percent}
            | ({"gets": Scope(**other)} if other else {})
        ),
        st.integers(1, 3),
        st.integers(1, 2),
        st.none() | percents,
        st.none() | scope_names,
    ),
    st.integers(2, 4).map(lambda n: {"kind": "cheapest_free", "buy": n}),
    st.builds(
        lambda first, second, price: {"kind": "bundle", "parts": (Part(**first), Part(**second))} | price,
        scope_names,
        scope_names,
        amounts.map(lambda a: {"amounts": a}) | percents.map(lambda p: {"percent": p}),
    ),
)
conditions = st.one_of(
    st.integers(1, 6).map(lambda n: Condition(kind="quantity", quantity=n)),
    st.builds(lambda a, names: Condition(kind="total", amounts=a, **names), amounts, scope_names),
)


def rules(*, shelf: bool = False, hours: bool = False) -> st.SearchStrategy[Rule]:
    """Return rules of every kind, or only those that change the shelf's price."""
    kinds = one_unit if shelf else st.one_of(one_unit, whole_list, tiers, several)
    return st.builds(
        lambda effect, scope, extra: Rule(**(scope | effect | extra)),
        kinds,
        scopes,
        st.fixed_dictionaries(
            {},
            optional={
                "skip_reduced": st.booleans(),
                "group": st.sampled_from(["g", "h"]),
                "stop": st.booleans(),
                **({} if shelf else {"conditions": st.lists(conditions, max_size=2).map(tuple)}),
                **({"schedule": schedules} if hours else {}),
            },
        ),
    )


clock_hours = st.integers(0, 23)
schedules = st.builds(
    lambda days, hours: Schedule.model_validate(
        {"weekdays": days} | ({"hour_from": f"{hours[0]:02}:30", "hour_to": f"{hours[1]:02}:00"} if hours else {})
    ),
    st.lists(st.integers(0, 6), max_size=3, unique=True),
    st.none() | st.tuples(clock_hours, clock_hours),
)


def promotions(drawn: st.SearchStrategy[Rule], count: int = 6) -> st.SearchStrategy[list[Running]]:
    """Return several promotions with priorities, some of them exclusive."""
    one = st.tuples(drawn, st.integers(0, 3), st.sampled_from([False, False, False, True]))
    return st.lists(one, max_size=count).map(
        lambda listed: [
            Running(f"p{n}", rule, priority=priority, exclusive=alone)
            for n, (rule, priority, alone) in enumerate(listed)
        ]
    )


stages = st.builds(
    Stage, base=st.sampled_from(["running", "start"]), rounds=st.sampled_from(["price", "discount"])
)
roundings = st.sampled_from(["half_up", "half_even", "half_down", "down", "up"])
policies = st.builds(
    Policy,
    shelf=stages,
    list=stages,
    shelf_from=st.sampled_from(["price", "original"]),
    combine=st.sampled_from(["stack", "stack", "best"]),
    units_first=st.booleans(),
    rounding=roundings,
    round_at=st.sampled_from(["unit", "line", "list"]),
    distribution=st.sampled_from(["proportional", "even"]),
    remainder=st.sampled_from(["first", "last", "largest_share", "largest_remainder"]),
    share_rounding=roundings,
    consume=st.booleans(),
    picks=st.sampled_from(["cheapest", "dearest"]),
)


def days_before(now: datetime, days: float) -> datetime:
    """Return a moment so many days before."""
    return now - timedelta(days=days)
