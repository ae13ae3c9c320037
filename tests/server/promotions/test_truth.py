"""Prices stay true as long as they say, and reductions are announced on what was asked: 18 zones, a year."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.catalogue.rules import ListPrice
from server.promotions.prior_price import EUROPE, PriorPolicy
from server.promotions.rules.decision import decide, true_in
from server.promotions.rules.inputs import Inputs, Place
from server.promotions.rules.policy import HOUSE
from server.promotions.rules.rule import Rule
from server.promotions.rules.running import Running
from server.promotions.rules.schedule import clock_changes
from server.promotions.rules.scope import Wanted
from server.promotions.rules.versions import Documents, Made, documents, inputs_of
from tests.server.promotions.drawn import rules

TOP = Path(__file__).resolve().parents[3]
ZONES = (
    *("Europe/Madrid", "Atlantic/Canary", "Europe/London", "Europe/Lisbon", "Europe/Helsinki", "Europe/Istanbul"),
    *("America/New_York", "America/Los_Angeles", "America/St_Johns", "America/Sao_Paulo", "America/Santiago"),
    *("Africa/Casablanca", "Africa/Cairo", "Asia/Tokyo", "Asia/Kathmandu", "Australia/Lord_Howe"),
    *("Pacific/Chatham", "Pacific/Apia"),
)
YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MINUTES = 366 * 24 * 60

moments = st.integers(0, MINUTES).map(lambda minute: YEAR + timedelta(minutes=minute))
local_times = st.integers(-60 * 24, MINUTES // 30).map(
    lambda halves: (YEAR + timedelta(minutes=30 * halves)).replace(tzinfo=None)
)
steps = st.lists(
    st.tuples(st.integers(-90 * 24, 366 * 24), st.integers(100, 20_000)),
    min_size=1,
    max_size=8,
    unique_by=lambda x: x[0],
).map(lambda drawn: tuple(ListPrice(YEAR + timedelta(hours=hour), minor) for hour, minor in sorted(drawn)))
windows = st.tuples(st.none() | local_times, st.none() | local_times).filter(
    lambda edges: None in edges or edges[0] < edges[1]  # type: ignore[operator]  # neither is None then
)
running = st.builds(
    lambda rule, window, priority, number: Running(f"p{number}", rule, *window, priority),
    rules(shelf=True, hours=True),
    windows,
    st.integers(0, 2),
    st.integers(0, 99),
)
priors = st.builds(PriorPolicy, days=st.sampled_from([1, 30, 60]), progressive_days=st.sampled_from([0, 0, 60]))
inputs = st.builds(
    lambda steps, promotions, zone, prior: Inputs(
        Wanted("g", "a", 0, "x", ("ab", "all")), steps, promotions, Place("S", "EUR", ZoneInfo(zone)), HOUSE, prior
    ),
    steps,
    st.lists(running, max_size=4, unique_by=lambda one: one.id).map(tuple),
    st.sampled_from(ZONES),
    priors,
)


@settings(max_examples=150, deadline=None)
@given(inputs, moments, st.floats(0, 1))
def test_nothing_changes_inside_the_interval_of_truth(made: Inputs, at: datetime, where: float) -> None:
    since, until = true_in(made, at)
    assert since <= at < until
    inside = since + (until - since) * where
    last = until - timedelta(microseconds=1)
    for moment in (since, min(inside, last), last):
        assert decide(made, moment) == decide(made, at)
        if moment.astimezone(made.place.zone).date() == at.astimezone(made.place.zone).date():
            assert true_in(made, moment) == (since, until)


@settings(max_examples=60, deadline=None)
@given(inputs, moments)
def test_every_change_of_price_lies_at_an_end_of_an_interval(made: Inputs, at: datetime) -> None:
    """Walk on quarter by quarter, as a clock does, and meet no change that was not foretold."""
    until = true_in(made, at)[1]
    before = decide(made, at)
    for quarter in range(1, 192):
        moment = at + timedelta(minutes=15 * quarter)
        if moment >= until:
            return
        assert decide(made, moment) == before


@settings(max_examples=150, deadline=None)
@given(inputs, moments)
def test_what_is_announced_was_really_asked_and_overstates_nothing(made: Inputs, at: datetime) -> None:
    decision = decide(made, at)
    if decision is None or decision.reduction is None:
        return
    reduction = decision.reduction
    assert decision.minor < reduction.prior
    assert reduction.percent * reduction.prior <= (reduction.prior - decision.minor) * 100
    assert reduction.began <= at
    opened = reduction.began - timedelta(days=made.prior.days)
    span = reduction.began - opened
    asked = [made.shelf(opened + span * part / 97) for part in range(97)]
    assert all(shelf is None or shelf.minor >= reduction.prior for shelf in asked)
    if not made.prior.progressive_days:
        first = made.shelf(reduction.began)
        assert first is not None
        assert first.minor == decision.minor


@settings(max_examples=100, deadline=None)
@given(inputs, moments)
def test_the_same_versions_give_the_same_price(made: Inputs, at: datetime) -> None:
    told = documents(made)
    again = inputs_of(Documents(**json.loads(json.dumps(_dict(told)))))
    assert decide(again, at) == decide(made, at)
    assert documents(again).hashes() == told.hashes() == Made.of(made).versions == Made.of(again).versions


def _dict(told: Documents) -> dict[str, object]:
    return {name: getattr(told, name) for name in ("catalogue", "prices", "promotions", "rules")}


def test_another_process_with_another_hash_seed_gives_the_same_price_and_versions() -> None:
    made = _known()
    at = YEAR + timedelta(days=100, hours=18)
    program = (
        "import json, sys, datetime\n"
        "from server.promotions.rules.versions import Documents, documents, inputs_of\n"
        "from server.promotions.rules.decision import decide\n"
        "made = inputs_of(Documents(**json.loads(sys.argv[1])))\n"
        "print(repr(decide(made, datetime.datetime.fromisoformat(sys.argv[2]))), documents(made).hashes())\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program, json.dumps(_dict(documents(made))), at.isoformat()],
            capture_output=True,
            text=True,
            check=True,
            cwd=TOP,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(TOP), "TZ": zone},
        ).stdout.strip()
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert said == {f"{decide(made, at)!r} {documents(made).hashes()}"}


def _known() -> Inputs:
    def rule(**more: object) -> dict[str, object]:
        return {"kind": "percent", "percent": 20, "categories": ["ab", "z"]} | more

    promotions = tuple(
        Running(key, Rule.model_validate(rule(**more)), priority=place)
        for place, (key, more) in enumerate({"p": {}, "q": {"segments": ["members"]}, "r": {"group": "g"}}.items())
    )
    place = Place("S", "EUR", ZoneInfo("Europe/Madrid"), frozenset({"north", "coast"}))
    return Inputs(
        Wanted("g", "a", 0, "x", ("ab", "all")), (ListPrice(YEAR, 1999),), promotions, place, HOUSE, EUROPE
    )


@pytest.mark.parametrize("zone", ZONES)
def test_hours_stay_true_where_clocks_are_put_forward_and_back(zone: str) -> None:
    """Walk quarter by quarter through the day around each change of the clock, in each zone."""
    here = ZoneInfo(zone)
    for change in clock_changes(YEAR, YEAR + timedelta(days=365), here):
        edge = change.astimezone(here)
        inputs = [_at_hours(here, edge, first, last) for first, last in ((-90, -30), (-30, 30), (15, 75))]
        for made in inputs:
            shown = {quarter: made.shelf(change + timedelta(minutes=15 * quarter)) for quarter in range(-48, 48)}
            for quarter in range(-48, 47):
                moment = change + timedelta(minutes=15 * quarter)
                if shown[quarter] != shown[quarter + 1]:
                    since, until = true_in(made, moment)
                    assert moment < until <= moment + timedelta(minutes=15)
                    assert until not in (since, moment)


def _at_hours(zone: ZoneInfo, edge: datetime, first: int, last: int) -> Inputs:
    """Return a promotion whose hours lie so many minutes around what the wall shows after a change."""
    hours = [(edge.replace(tzinfo=None) + timedelta(minutes=minutes)).time() for minutes in (first, last)]
    rule = Rule.model_validate(
        {
            "kind": "percent",
            "percent": 20,
            "everything": True,
            "schedule": {"hour_from": hours[0], "hour_to": hours[1]},
        }
    )
    place, prices = Place("S", "EUR", zone), (ListPrice(YEAR, 1999),)
    return Inputs(Wanted("g", "a", 0), prices, (Running("p", rule),), place, HOUSE, EUROPE)
