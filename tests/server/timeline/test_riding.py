"""What nobody waits for goes along in somebody's commit, a few at a time, and never keeps them from it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy import event as engine_event
from sqlalchemy.orm import Session

from server.access.rules import Device
from server.db import open_engine
from server.errors import Unavailable
from server.timeline.group_commit import Writer
from server.timeline.models import Event, EventKind
from server.timeline.recording import Entry, Receipt, Stored, device_event
from server.timeline.riding import REQUESTS_A_SEAT
from tests.clock import NOW
from tests.looped import on_a_loop
from tests.shopfloor import furnish

SEATS_FOR_TWO = REQUESTS_A_SEAT
"""Requests of one commit with which two ride."""

KIOSK = Device("kiosk", "MAD", "kiosk", "Kiosk")


def entry(number: int) -> Entry:
    row = device_event(
        KIOSK,
        EventKind.PRODUCT_TAPPED,
        event_id=UUID(int=number),
        visit_id=UUID(int=7, version=4),
        occurred_at=NOW + timedelta(seconds=number),
        received_at=NOW,
        payload=b"%d" % number,
    )
    return Entry(row, b"")


@pytest.fixture
def shop(engine: Engine) -> Engine:
    with Session(engine) as session:
        furnish(session)
    return engine


def stored(shop: Engine) -> set[int]:
    with Session(shop) as session:
        return {one.int for one in session.scalars(select(Event.id))}


def test_they_share_the_commits_of_others_and_each_is_stored_once(shop: Engine) -> None:
    writer, commits = Writer(shop), list[object]()
    engine_event.listen(shop, "commit", commits.append)
    writer.riding.board([entry(number) for number in range(100, 103)])
    for number in range(3):
        [receipt] = writer.write([entry(number)])
        assert receipt.stored is Stored.ACCEPTED
    assert stored(shop) == {0, 1, 2, 100, 101, 102}
    assert not writer.riding
    if shop.dialect.name == "sqlite":
        assert len(commits) == 3


def test_a_spoilt_one_spoils_no_other_and_is_given_up(shop: Engine) -> None:
    writer = Writer(shop)
    writer.riding.board([replace(entry(100), row=entry(100).row | {"kind": None}), entry(101)])
    writer.riding.board([replace(entry(102), row={"id": UUID(int=102)})])
    for number in range(3):
        [receipt] = writer.write([entry(number)])
        assert receipt.stored is Stored.ACCEPTED
    assert stored(shop) == {0, 1, 2, 101}
    assert not writer.riding


def test_one_that_rides_with_a_spoilt_request_is_not_lost(shop: Engine) -> None:
    writer = Writer(shop)
    writer.riding.board([entry(100)])
    with pytest.raises(KeyError):
        writer.write([replace(entry(1), row={"id": UUID(int=1)})])
    writer.write([entry(2)])
    assert stored(shop) == {2, 100}


def test_a_spoilt_one_does_not_take_along_another_beside_it(shop: Engine) -> None:
    writer = Writer(shop)
    writer.riding.board([replace(entry(100), row={"id": UUID(int=100)}), entry(101)])

    async def together() -> list[list[Receipt]]:
        with ThreadPoolExecutor(1) as committing:
            told = [writer.write_soon([entry(number)], committing) for number in range(SEATS_FOR_TWO)]
            return await asyncio.gather(*told)

    assert {one.stored for [one] in on_a_loop(together)} == {Stored.ACCEPTED}
    for number in (50, 51):  # on PostgreSQL none rides with what the loop writes
        writer.write([entry(number)])
    assert stored(shop) == {*range(SEATS_FOR_TWO), 50, 51, 101}
    assert not writer.riding


def test_while_the_database_is_away_they_stay_in_order(tmp_path_factory: pytest.TempPathFactory) -> None:
    writer = Writer(open_engine(f"sqlite:///{tmp_path_factory.mktemp('empty') / 'no tables.sqlite'}"))
    riders = [entry(number) for number in range(100, 103)]
    writer.riding.board(riders)
    with pytest.raises(Unavailable):
        writer.write([entry(1)])
    assert writer.riding.take(9) == riders
