"""A suggestion says that it is reduced exactly as long as its promotion runs here: live, and on a kiosk alone."""

from __future__ import annotations

from datetime import UTC, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from kiosk.screen import believed
from kiosk.shelf import listed_at
from server.promotions.models import Promotion
from server.promotions.saving import save
from server.timeline.models import Event, EventKind
from server.wire import Shelf, Tile
from tests.clock import NOW, FakeClock
from tests.server.taps.test_louder import answered
from tests.shopfloor import UIDS, as_device

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
BEGINS, ENDS = NOW + HOUR, NOW + 2 * HOUR
WORDS = {"en": "Reduced in this store now", "es": "Rebajado ahora en esta tienda"}
MOMENTS = {BEGINS - SECOND: False, BEGINS: True, ENDS - SECOND: True, ENDS: False}
"""Whether the promotion runs at each."""


@pytest.fixture
def shop(client: FlaskClient, engine: Engine) -> FlaskClient:
    """The small shop with socks a fifth off in Madrid from eleven until noon."""
    starts, ends = ((at + HOUR).astimezone(UTC).replace(tzinfo=None) for at in (BEGINS, ENDS))
    rule = {"kind": "percent", "percent": 20, "products": ["sock"], "stores": ["MAD"]}
    with Session(engine) as session:
        row = Promotion(id="socks", headline={"en": "Socks"}, rule=rule, starts=starts, ends=ends)
        save(session, row, now=NOW - timedelta(days=1))
        session.commit()
    return client


def sock(tiles: tuple[Tile, ...]) -> Tile:
    [tile] = [one for one in tiles if one.product_id == "sock"]
    return tile


def copy(client: FlaskClient, query: str = "&later=1&reduced=1") -> Shelf:
    answer = client.get(f"/api/v1/shelf?revision=-1{query}", headers=as_device("kiosk"))
    return Shelf.model_validate_json(answer.data)


def test_an_answer_says_it_while_the_promotion_runs_and_what_was_shown_tells_so(
    shop: FlaskClient, engine: Engine, clock: FakeClock
) -> None:
    for number, (at, runs) in enumerate(MOMENTS.items(), start=1):
        clock.advance((at - clock()).total_seconds())
        told = sock(answered(shop, number, UIDS["boot"]).goes_with)
        assert (told.reason_kind == "reduced", told.reason == WORDS) == (runs, runs), at
    shop.application.extensions["tap_desk"].shown.flush()
    with Session(engine) as session:
        events = session.scalars(select(Event).where(Event.kind == EventKind.SUGGESTIONS_SHOWN))
        logged = {event.cause_id: [tile["reason"] for tile in event.properties["tiles"]] for event in events}
    for number, runs in enumerate(MOMENTS.values(), start=1):
        assert ("reduced" in logged[UUID(int=number, version=4)]) == runs


def test_a_kiosk_alone_says_it_no_longer_than_it_is_true(shop: FlaskClient, clock: FakeClock) -> None:
    clock.advance(1.5 * HOUR.total_seconds())
    held, older = copy(shop), copy(shop, "&later=1")
    for at in (NOW + 1.5 * HOUR, ENDS - SECOND, ENDS, ENDS + 50 * HOUR):
        tile = sock(believed(listed_at(held, "boot", at)[0], at))
        assert (tile.reason_kind == "reduced", tile.reason == WORDS) == (at < ENDS, at < ENDS)
        assert (tile.price is not None) == (at < ENDS)
        assert sock(listed_at(older, "boot", at)[0]).reason_kind == "new_here"
    clock.advance(HOUR.total_seconds())
    assert sock(copy(shop).goes_with["boot"]).reason_kind == "new_here"
