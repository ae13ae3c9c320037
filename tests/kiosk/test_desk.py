"""A manager's desk reader sends what is laid on it, says how it is, and outlives a server that is away."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from hardware.reader import Arrived
from hardware.tag import Outcome, TagRead
from kiosk.client import Client
from kiosk.desk import Desk
from kiosk.health import desk_heartbeat
from server.wire import DeskRead, Heartbeat, ReaderRecord
from tests.clock import FakeClock
from tests.kiosk.stand_ins import UID, AnyServer

ARRIVED = Arrived(TagRead(UID, "NTAG213", "https://id.example/01/09506000134352", Outcome.OK))
RECORD = ReaderRecord(name="usb", state="working")


@pytest.fixture
def server() -> Iterator[AnyServer]:
    with AnyServer() as running:
        yield running


def desk_on(address: str) -> Desk:
    return Desk(Client(address, "stk_x"), now=FakeClock(), luck=bytes)


def test_a_tag_is_shown_to_the_manager_and_foreign_ones_are_not(server: AnyServer) -> None:
    desk = desk_on(server.address)
    desk.listen(Arrived(TagRead("", "other", None, Outcome.FOREIGN)))
    desk.listen(ARRIVED)
    assert [path for path, _ in server.asked] == ["/api/v1/desk/reads"]
    read = DeskRead.model_validate_json(server.asked[0][1])
    assert (read.uid, read.uri, read.product) == (UID, "https://id.example/01/09506000134352", "NTAG213")


def test_it_says_how_it_is_so_that_nobody_thinks_it_dead(server: AnyServer) -> None:
    desk_on(server.address).beat(desk_heartbeat((RECORD,), boot_id="b"))
    path, body = server.asked[0]
    assert path == "/api/v1/heartbeats"
    assert Heartbeat.model_validate(json.loads(body)).readers == (RECORD,)


def test_a_server_that_is_away_stops_nothing() -> None:
    desk = desk_on("http://127.0.0.1:9")
    desk.listen(ARRIVED)
    desk.beat(desk_heartbeat((RECORD,), boot_id="b"))
