"""A tile that was reduced, or in an offer, until a moment ago says on the kiosk what is still true of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from kiosk.screen import Attract, Showing
from kiosk.stage import Stage
from server.promotions.models import Promotion
from server.promotions.saving import save
from server.wire import TapAnswer
from tests.clock import NOW, FakeClock
from tests.server.taps.test_louder import answered
from tests.server.taps.test_offered import THREE_FOR_TWO
from tests.server.taps.test_offered_alone import alone, tapped, wait_until
from tests.server.taps.test_reduced import HOUR, SECOND, copy, sock
from tests.shopfloor import UIDS

BEGINS, CHEAP_UNTIL, ENDS = NOW + HOUR, NOW + 2 * HOUR, NOW + 3 * HOUR
OLDER = "&later=1&reduced=1&sizes=1&offers=1"
NEWER = f"{OLDER}&reduced_words=1"
FIFTH_OFF = {"kind": "percent", "percent": 20, "products": ["sock"], "stores": ["MAD"]}
SAID = {
    BEGINS: "reduced",
    CHEAP_UNTIL - SECOND: "reduced",
    CHEAP_UNTIL: "offered",
    ENDS - SECOND: "offered",
    ENDS: "new_here",
}
"""What the server's own answers say at each moment."""


@pytest.fixture
def shop(client: FlaskClient, engine: Engine) -> FlaskClient:
    """The small shop with socks a fifth off for an hour, and three for two for that hour and one more."""
    with Session(engine) as session:
        for name, rule, until in (("fifth", FIFTH_OFF, CHEAP_UNTIL), ("three", THREE_FOR_TWO, ENDS)):
            starts, ends = (wall(at) for at in (BEGINS, until))
            row = Promotion(id=name, headline={"en": name}, rule=rule, starts=starts, ends=ends)
            save(session, row, now=NOW - timedelta(days=1))
        session.commit()
    return client


def wall(at: datetime) -> datetime:
    return (at + HOUR).astimezone(UTC).replace(tzinfo=None)


def answered_on_stage(answer: TapAnswer, clock: FakeClock) -> Stage:
    stage = Stage(clock, "en", Attract())
    stage.show_tap(Showing(answer.tap_id, answer.card, (), live=False, as_of=None), carry=None)
    stage.answered(answer)
    return stage


def test_a_kiosk_alone_says_what_the_server_would(shop: FlaskClient, tmp_path: Path, clock: FakeClock) -> None:
    wait_until(BEGINS, clock)
    agent = alone(tmp_path, clock, copy(shop, NEWER))
    for number, (moment, kind) in enumerate(SAID.items(), start=1):
        wait_until(moment, clock)
        told, live = tapped(agent), sock(answered(shop, number, UIDS["boot"]).goes_with)
        assert (told.reason_kind, live.reason_kind) == (kind, kind), moment
        assert told.reason == live.reason
        assert (told.price is not None) == (moment < CHEAP_UNTIL)


@pytest.mark.parametrize("by_server", [False, True], ids=["of its copy", "of the server"])
def test_what_stands_on_the_screen_says_what_is_still_true(
    shop: FlaskClient, tmp_path: Path, clock: FakeClock, by_server: bool
) -> None:
    wait_until(CHEAP_UNTIL - SECOND, clock)
    agent = alone(tmp_path, clock, copy(shop, NEWER))
    tapped(agent)
    stage = Stage(clock, "en", agent.state().view)
    if by_server:
        stage = answered_on_stage(answered(shop, 1, UIDS["boot"]), clock)
    for moment, kind in list(SAID.items())[1:]:
        stage.expire(moment, agent.shelf)
        assert isinstance(stage.state.view, Showing)
        told = sock(stage.state.view.goes_with)
        assert (told.reason_kind, told.price is not None) == (kind, moment < CHEAP_UNTIL), moment


def test_what_the_copy_does_not_list_says_nothing(shop: FlaskClient, tmp_path: Path, clock: FakeClock) -> None:
    wait_until(CHEAP_UNTIL - SECOND, clock)
    stage = answered_on_stage(answered(shop, 1, UIDS["boot"]), clock)
    told = copy(shop, NEWER).model_copy(update={"goes_with": {}, "later": (), "offers": None})
    stage.expire(CHEAP_UNTIL, alone(tmp_path, clock, told).shelf)
    assert isinstance(stage.state.view, Showing)
    assert sock(stage.state.view.goes_with).reason is None


def test_the_copy_of_an_older_server_tells_of_its_offers_alone(
    shop: FlaskClient, tmp_path: Path, clock: FakeClock
) -> None:
    wait_until(BEGINS, clock)
    agent = alone(tmp_path, clock, copy(shop, OLDER))
    for moment, kind in SAID.items():
        wait_until(moment, clock)
        assert tapped(agent).reason_kind == (kind if moment < ENDS else None), moment


def test_an_older_kiosk_gets_the_shelf_it_knows(shop: FlaskClient, clock: FakeClock) -> None:
    wait_until(BEGINS, clock)
    older, newer = copy(shop, OLDER), copy(shop, NEWER)
    assert "reduced" not in older.model_fields_set
    assert [sock(one.goes_with["boot"]).reason_kind for one in (older, newer)] == ["reduced", "new_here"]
    same = {"reduced": None, "goes_with": {}, "later": ()}
    assert newer.model_copy(update=same) == older.model_copy(update=same)
