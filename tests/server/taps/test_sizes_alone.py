"""A kiosk away from the server says what is here in the size looked at as the server does, to this visit only."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hardware.reader import Arrived
from hardware.tag import Outcome, TagRead
from kiosk.agent import Agent
from kiosk.screen import Showing
from server.wire import Shelf
from tests.clock import NOW, FakeClock
from tests.kiosk.stand_ins import make_agent
from tests.server.taps.test_louder import WORDS, answered, stocked
from tests.shopfloor import UIDS, as_device

AWAY = "http://127.0.0.1:9"


@pytest.fixture
def shop(client: FlaskClient, engine: Engine) -> FlaskClient:
    """The small shop with more that comes in sizes."""
    with Session(engine) as session:
        stocked(session)
    return client


def copy(client: FlaskClient, query: str) -> bytes:
    return client.get(f"/api/v1/shelf?revision=-1{query}", headers=as_device("kiosk")).data


def alone(folder: Path, clock: FakeClock, shelf: bytes) -> Agent:
    agent = make_agent(folder, AWAY, clock)
    agent.shelf.take(Shelf.model_validate_json(shelf))
    return agent


def shown(agent: Agent, tag: str) -> dict[str, str | None]:
    agent.listen(Arrived(TagRead(UIDS[tag], "NTAG213", None, Outcome.OK)))
    view = agent.state().view
    assert isinstance(view, Showing)
    assert all(one.reason == WORDS for one in view.goes_with if one.reason_kind == "in_size")
    return {one.product_id: one.reason_kind for one in view.goes_with}


def test_alone_it_says_what_the_server_would_until_the_visit_ends(
    shop: FlaskClient, tmp_path: Path, clock: FakeClock
) -> None:
    agent = alone(tmp_path, clock, copy(shop, "&later=1&reduced=1&sizes=1"))
    before = shown(agent, "boot")
    for number, tag in enumerate(("boot38", "boot"), start=1):
        live = {one.product_id: one.reason_kind for one in answered(shop, number, UIDS[tag]).goes_with}
        assert shown(agent, tag) == live
        assert {product for product, kind in live.items() if kind == "in_size"} == {"shoe"}
    agent.done()
    assert agent.state().variants == ()
    assert shown(agent, "boot") == before
    assert "in_size" not in before.values()


def test_nothing_is_said_once_the_card_is_too_old(shop: FlaskClient, tmp_path: Path, clock: FakeClock) -> None:
    agent = alone(tmp_path, clock, copy(shop, "&sizes=1"))
    assert "in_size" in shown(agent, "boot38").values()
    until = agent.shelf.shelf.cards["product:shoe"].true_until if agent.shelf.shelf else NOW
    clock.advance((until - NOW + timedelta(seconds=1)).total_seconds())
    assert "in_size" not in shown(agent, "boot38").values()


def test_an_older_kiosk_gets_the_shelf_it_knows_and_an_older_servers_says_nothing_of_sizes(
    shop: FlaskClient, tmp_path: Path, clock: FakeClock
) -> None:
    older, newer = copy(shop, "&later=1&reduced=1"), copy(shop, "&later=1&reduced=1&sizes=1")
    assert (b'"sizes"' in older, b'"sizes"' in newer) == (False, True)
    told = Shelf.model_validate_json(newer)
    assert told.model_copy(update={"sizes": None}) == Shelf.model_validate_json(older)
    assert "in_size" not in shown(alone(tmp_path, clock, older), "boot38").values()
