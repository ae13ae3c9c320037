"""A kiosk away from the server shows beside a card what is to cost something else by then, as the server would."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from kiosk.shelf import ShelfCopy
from kiosk.showed import viewed
from server.catalogue.models import Product
from server.db import changed
from server.wire import PricesFrom, Tap
from tests.clock import NOW, FakeClock
from tests.server.promotions.test_shown_copies import evidence, send
from tests.server.taps.test_louder import answered
from tests.server.taps.test_offered import running
from tests.server.taps.test_offered_alone import MOMENTS, alone, tapped, wait_until
from tests.server.taps.test_reduced import BEGINS, ENDS, SECOND, copy, sock
from tests.shopfloor import SOCK, UIDS, tap

OLDER = "&later=1&reduced=1&reduced_words=1&sizes=1&offers=1"
NEWER = f"{OLDER}&prices=1"
FIFTH_OFF = {"kind": "percent", "percent": 20, "products": ["sock"], "stores": ["MAD"]}
END_OF_TOMORROW = NOW + timedelta(hours=37)


@pytest.fixture
def shop(client: FlaskClient, engine: Engine) -> FlaskClient:
    """The small shop with socks a fifth off from eleven until noon; the copies are of ten."""
    running(engine, FIFTH_OFF)
    return client


def told_of(turns: tuple[PricesFrom, ...] | None) -> set[tuple[str, int]]:
    return {(product, then.price.now.minor) for turn in turns or () for product, then in turn.prices.items()}


def test_alone_it_shows_the_price_and_the_reason_the_server_would(
    shop: FlaskClient, tmp_path: Path, clock: FakeClock
) -> None:
    agent = alone(tmp_path, clock, copy(shop, NEWER))
    for number, (moment, runs) in enumerate(MOMENTS.items(), start=1):
        wait_until(moment, clock)
        told, live = tapped(agent), sock(answered(shop, number, UIDS["boot"]).goes_with)
        assert (told.price, told.reason_kind) == (live.price, live.reason_kind), moment
        assert told.price is not None
        assert (told.price.now.minor, told.reason_kind == "reduced") == (720 if runs else 900, runs)


def test_none_is_believed_longer_than_any_price_without_the_server(
    shop: FlaskClient, tmp_path: Path, clock: FakeClock
) -> None:
    agent = alone(tmp_path, clock, copy(shop, NEWER))
    for moment, believed in {END_OF_TOMORROW - SECOND: True, END_OF_TOMORROW: False}.items():
        wait_until(moment, clock)
        assert (tapped(agent).price is not None) == believed


def test_what_is_withdrawn_by_then_has_no_price_to_come(shop: FlaskClient, engine: Engine) -> None:
    assert told_of(copy(shop, NEWER).prices) == {("sock", 720), ("sock", 900)}
    with Session(engine) as session:
        session.get_one(Product, "sock").withdrawn_at = ENDS
        changed(session)
        session.commit()
    assert told_of(copy(shop, NEWER).prices) == {("sock", 720)}


def test_it_is_told_and_worked_out_again(shop: FlaskClient, tmp_path: Path, clock: FakeClock) -> None:
    held = ShelfCopy(tmp_path / "shelf")
    held.take(copy(shop, NEWER))
    wait_until(BEGINS, clock)
    send(shop, viewed(Tap.model_validate(tap(1, UIDS["boot"], at=BEGINS)), held, BEGINS)[1])
    [line] = evidence(shop, SOCK)
    assert (line["where"], line["shown"]["now"]["minor"], line["shown"]["percent_off"]) == ("tile", 720, 20)
    assert (line["allowed"], line["worked_out_again"]) == (True, True)


def test_an_older_kiosk_gets_the_shelf_it_knows_and_of_an_older_servers_the_price_goes(
    shop: FlaskClient, tmp_path: Path, clock: FakeClock
) -> None:
    older, newer = copy(shop, OLDER), copy(shop, NEWER)
    assert "prices" not in older.model_fields_set
    assert newer.model_copy(update={"prices": None}) == older
    agent = alone(tmp_path, clock, older)
    wait_until(BEGINS, clock)
    assert tapped(agent).price is None
