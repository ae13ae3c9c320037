"""A kiosk away from the server says what is part of an offer as the server does, to the second of its window."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hardware.reader import Arrived
from hardware.tag import Outcome, TagRead
from kiosk.agent import Agent
from kiosk.screen import Showing
from server.recommendations.shop_prices import ShopPrices
from server.taps.shelf_offers import offers_here
from server.wire import Shelf, Tile
from tests.clock import NOW, FakeClock
from tests.kiosk.stand_ins import make_agent
from tests.server.recommendations.test_by_price import reduce_price
from tests.server.taps.test_louder import answered
from tests.server.taps.test_offered import (
    BEGINS,
    BUNDLE,
    ENDS,
    HOUR,
    SECOND,
    THREE_FOR_TWO,
    WORDS,
    running,
)
from tests.server.taps.test_reduced import copy, sock
from tests.shopfloor import UIDS

AWAY = "http://127.0.0.1:9"
ALL = "&later=1&reduced=1&sizes=1&offers=1"
MOMENTS = {BEGINS - SECOND: False, BEGINS: True, ENDS - SECOND: True, ENDS: False}
"""Whether the offer runs at each."""


def alone(folder: Path, clock: FakeClock, shelf: Shelf) -> Agent:
    agent = make_agent(folder, AWAY, clock)
    agent.shelf.take(shelf)
    return agent


def tapped(agent: Agent) -> Tile:
    agent.listen(Arrived(TagRead(UIDS["boot"], "NTAG213", None, Outcome.OK)))
    return standing(agent)


def standing(agent: Agent) -> Tile:
    view = agent.state().view
    assert isinstance(view, Showing)
    return sock(view.goes_with)


def wait_until(moment: datetime, clock: FakeClock) -> None:
    clock.advance((moment - clock()).total_seconds())


@pytest.mark.parametrize("rule", [THREE_FOR_TWO, BUNDLE], ids=lambda one: one["kind"])
def test_said_in_both_languages_while_it_runs(
    client: FlaskClient, engine: Engine, tmp_path: Path, clock: FakeClock, rule: dict[str, Any]
) -> None:
    running(engine, rule)
    agent = alone(tmp_path, clock, copy(client, ALL))
    for number, (moment, runs) in enumerate(MOMENTS.items(), start=1):
        wait_until(moment, clock)
        told, live = tapped(agent), sock(answered(client, number, UIDS["boot"]).goes_with)
        assert (told.reason_kind == "offered", told.reason == WORDS) == (runs, runs), moment
        assert told.reason_kind == live.reason_kind


@pytest.mark.parametrize("fetched", [NOW, BEGINS + SECOND], ids=["before it", "while it runs"])
def test_what_stands_on_the_screen_goes_when_the_offer_is_over(
    client: FlaskClient, engine: Engine, tmp_path: Path, clock: FakeClock, fetched: datetime
) -> None:
    running(engine, THREE_FOR_TWO)
    wait_until(fetched, clock)
    agent = alone(tmp_path, clock, copy(client, ALL))
    wait_until(ENDS - SECOND, clock)
    assert tapped(agent).reason == WORDS
    agent.tick()
    assert standing(agent).reason == WORDS
    wait_until(ENDS, clock)
    agent.tick()
    assert standing(agent).reason_kind == "new_here"


def test_what_says_more_stays(client: FlaskClient, engine: Engine, tmp_path: Path, clock: FakeClock) -> None:
    running(engine, THREE_FOR_TWO)
    with Session(engine) as session:
        reduce_price(session, "sock", NOW)
        session.commit()
    wait_until(BEGINS, clock)
    assert tapped(alone(tmp_path, clock, copy(client, ALL))).reason_kind == "reduced"


def test_told_once_for_each_time_in_which_it_is_so() -> None:
    hours = [NOW + n * HOUR for n in range(5)]
    offered = [{"sock"}, {"sock", "boot"}, {"boot"}, {"sock"}]
    told = [
        ShopPrices({}, frozenset(those), hours[n], hours[n + 1], frozenset(those))
        for n, those in enumerate(offered)
    ]
    assert {(one.products, one.starts, one.ends) for one in offers_here(told).times} == {
        (("sock",), None, hours[2]),
        (("boot",), hours[1], hours[3]),
        (("sock",), hours[3], hours[4]),
    }


def test_an_older_kiosk_gets_the_shelf_it_knows_and_an_older_servers_says_nothing_of_offers(
    client: FlaskClient, engine: Engine, tmp_path: Path, clock: FakeClock
) -> None:
    running(engine, THREE_FOR_TWO)
    wait_until(BEGINS, clock)
    older, newer = copy(client, "&later=1&reduced=1&sizes=1"), copy(client, ALL)
    assert "offers" not in older.model_fields_set
    assert newer.model_copy(update={"offers": None}) == older
    assert tapped(alone(tmp_path, clock, older)).reason_kind == "new_here"
