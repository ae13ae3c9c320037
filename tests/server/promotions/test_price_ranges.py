"""Promotions on a range of prices on cards, on lists and in a replay; and reading again only what changed."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from server.db import changed
from server.promotions.models import PromotionVersion
from server.promotions.queries import PROMOTIONS, chain, revisions
from server.promotions.rules.index import Index
from server.promotions.rules.inputs import Place
from server.promotions.rules.replay import Changed, Past, replay, with_promotion
from server.promotions.rules.rule import Rule
from server.promotions.rules.running import Running, concerns, names
from server.promotions.rules.scope import Wanted
from server.promotions.saving import pause
from tests.clock import NOW
from tests.server.promotions.drawn import MADRID, rules, wanted
from tests.server.promotions.test_cards import card, plan
from tests.server.promotions.test_replay import MONDAY, running, variant
from tests.shopfloor import furnish


@pytest.fixture(autouse=True)
def shop(session: Session) -> None:
    furnish(session)


@pytest.mark.parametrize(
    ("price_range", "boot", "sock"),
    [
        ({"price_from": {"EUR": 5000}}, 10800, 900),
        ({"price_from": {"EUR": 12000}, "price_to": {"EUR": 12000}}, 10800, 900),
        ({"price_to": {"EUR": 900}}, 12000, 810),
        ({"price_from": {"USD": 1}}, 12000, 900),
    ],
)
def test_a_range_of_prices_looks_at_the_price_of_the_moment(
    session: Session, price_range: dict[str, Any], boot: int, sock: int
) -> None:
    plan(session, "dear", {"kind": "percent", "percent": 10, "everything": True} | price_range)
    shown = {name: card(session, product=name).price for name in ("boot", "sock")}
    assert {name: line.now.minor for name, line in shown.items() if line} == {"boot": boot, "sock": sock}


@settings(max_examples=200, deadline=None)
@given(wanted, st.lists(rules(), min_size=1, max_size=5))
def test_what_is_looked_up_leaves_out_nothing_that_means_the_goods(one: Wanted, drawn: list[Rule]) -> None:
    planned = [Running(f"p{number}", rule) for number, rule in enumerate(drawn)]
    found = Index.of(planned).concerning(replace(one, minor=0), Place("MAD", "EUR", MADRID))
    assert {p.id for p in planned if concerns(p.rule, one, "EUR")} <= {p.id for p in found}
    assert {p.id for p in found} == {p.id for p in planned if names(p.rule, one)}


def test_a_replay_tries_a_range_of_prices() -> None:
    dear = running("dear", kind="percent", percent=10, everything=True, price_from={"EUR": 5000})
    lists = [Past(name, MONDAY, [(variant(name, minor), 1)]) for name, minor in (("sock", 900), ("boot", 12000))]
    assert list(replay(lists, with_promotion(dear))) == [Changed("boot", 12000, 10800)]


def test_of_promotions_read_before_only_what_changed_is_read_again(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    for key in ("stays", "goes", "other"):
        plan(session, key, {"kind": "message", "everything": True})

    def held() -> dict[str, Any]:
        known = chain(session, revisions(session, "MAD"), NOW).known
        return {one.running.id: one.running for one in known.values() if one.running.known[1] is None}

    before = held()
    pause(session, "goes", paused=True, now=NOW)
    plan(session, "fresh", {"kind": "message", "everything": True})
    after = held()
    assert set(before) == {"stays", "goes", "other"}
    assert set(after) == {"stays", "other", "fresh"}
    assert after["stays"] is before["stays"]
    session.execute(
        update(PromotionVersion).where(PromotionVersion.promotion_id == "fresh").values(rule={"kind": "x"})
    )
    session.execute(update(PromotionVersion).values(recorded_at=NOW - timedelta(days=50)))
    changed(session, PROMOTIONS)
    session.commit()
    with caplog.at_level(logging.ERROR):
        assert set(held()) == {"stays", "other"}
    assert "left out: Promotion fresh cannot be" in caplog.text
