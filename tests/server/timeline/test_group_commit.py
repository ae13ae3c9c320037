"""Entries of many requests share commits; each request hears what became of its own."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy import event as engine_event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from server.access.rules import Device
from server.db import open_engine
from server.errors import Unavailable
from server.tags.models import UnknownTag
from server.tags.rules import UnknownTap
from server.taps.rules import Meaning, tap_entry
from server.timeline import outbox
from server.timeline.consents.at_the_time import NOTHING_SAID
from server.timeline.consents.models import Choice, Introduction
from server.timeline.group_commit import LARGEST_GROUP, Group, Writer
from server.timeline.models import Event
from server.timeline.recording import Entry, Receipt, Stored
from server.timeline.refused_entries import Refused
from server.wire import CONSENT_TEXT, Tap
from tests.clock import NOW
from tests.looped import on_a_loop
from tests.shopfloor import furnish, tap

KIOSK = Device("kiosk", "MAD", "kiosk", "Kiosk")


def entry(number: int) -> Entry:
    return tap_entry(Tap.model_validate(tap(number)), Meaning("product:boot", "boot"), KIOSK, received=NOW)


def soon(writer: Writer, requests: Sequence[Sequence[Entry]]) -> list[list[Stored] | type[BaseException]]:
    """Return what becomes of requests that come together on an event loop."""

    async def together(committing: ThreadPoolExecutor) -> list[list[Receipt] | BaseException]:
        asked = [writer.write_soon(one, committing) for one in requests]
        return await asyncio.gather(*asked, return_exceptions=True)

    with ThreadPoolExecutor(2) as committing:
        told = on_a_loop(lambda: together(committing))
    return [type(one) if isinstance(one, BaseException) else [receipt.stored for receipt in one] for one in told]


def stored(engine: Engine) -> set[UUID]:
    with Session(engine) as session:
        return set(session.scalars(select(Event.id)))


@pytest.fixture
def shop(engine: Engine) -> Engine:
    with Session(engine) as session:
        furnish(session)
    return engine


def test_requests_that_come_together_share_commits_and_each_gets_its_own_receipts(shop: Engine) -> None:
    commits: list[object] = []
    engine_event.listen(shop, "commit", commits.append)
    writer = Writer(shop)
    requests = [[entry(number), entry(number + 100)] for number in range(1, 65)]
    with ThreadPoolExecutor(32) as kiosks:
        receipts = list(kiosks.map(writer.write, [*requests, *requests]))
    verdicts = [[receipt.stored for receipt in one] for one in receipts]
    for first, again in zip(verdicts[:64], verdicts[64:], strict=True):
        assert sorted([*first, *again]) == [Stored.ACCEPTED] * 2 + [Stored.DUPLICATE] * 2
    assert stored(shop) == {one.row["id"] for request in requests for one in request}
    assert len(commits) < len(receipts)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_what_strangers_did_takes_one_way_there_and_back_and_is_as_durable(shop: Engine, tmp_path: Path) -> None:
    listening = shop.raw_connection()
    driver: Any = listening.driver_connection
    listening.close()  # it is the only one, so that it is the one taken next
    with (tmp_path / "said").open("w+") as said:
        driver.pgconn.trace(said.fileno())
        receipts = Writer(shop).write([entry(number) for number in range(1, 9)])
        driver.pgconn.untrace()
        said.seek(0)
        answers_ended = [line for line in said if "\tReadyForQuery\t" in line]
    assert {one.stored for one in receipts} == {Stored.ACCEPTED}
    assert len(answers_ended) == 1
    with Session(shop) as session:
        assert session.scalar(text("SHOW synchronous_commit")) == "on"
        assert all(one.consent == NOTHING_SAID for one in session.scalars(select(Event)))


@pytest.mark.parametrize("whose", ["card_id", "customer_id"])
def test_who_was_introduced_in_one_visit_is_heeded_in_a_group_of_strangers(shop: Engine, whose: str) -> None:
    known = entry(3).row["visit_id"]
    with Session(shop) as session, session.begin():
        session.add(Introduction(visit_id=known, at=NOW, **{whose: "theirs"}))
        chosen = {"visit_id": known, whose: "theirs", "device_id": "kiosk", "store_id": "MAD"}
        said = {"service": True, "analytics": False, "personalisation": False}
        when = {
            "chosen_at": NOW - timedelta(days=1),
            "received_at": NOW,
            "text_version": CONSENT_TEXT,
            "language": "en",
        }
        session.add(Choice(id=UUID(int=9), **chosen, **said, **when))
    stranger = replace(entry(4), row=entry(4).row | {"visit_id": UUID(int=99)})
    receipts = Writer(shop).write([stranger, entry(3)])
    assert [(one.stored, one.stranger) for one in receipts] == [(Stored.ACCEPTED, False)] * 2
    with Session(shop) as session:
        agreed = {one.id: one.consent["service"] for one in session.scalars(select(Event)) if one.consent}
    assert agreed == {stranger.row["id"]: False, entry(3).row["id"]: True}


def test_events_of_a_commit_are_put_out_in_the_order_they_came(shop: Engine) -> None:
    entries = [entry(number) for number in (5, 3, 9, 1, 3)]
    Writer(shop).write(entries)
    with Session(shop) as session:
        out = [event.id for _, event in outbox.after(session, 0, limit=10)]
    assert out == [one.row["id"] for one in entries[:4]]


def test_an_entry_that_cannot_be_stored_spoils_no_other_request(shop: Engine) -> None:
    writer = Writer(shop)
    spoilt = entry(1)
    spoilt = replace(spoilt, row=spoilt.row | {"kind": None})
    with ThreadPoolExecutor(8) as kiosks:
        good = [kiosks.submit(writer.write, [entry(number)]) for number in range(2, 20)]
        bad = kiosks.submit(writer.write, [spoilt])
        good += [kiosks.submit(writer.write, [entry(number)]) for number in range(20, 40)]
    with pytest.raises(Refused):
        bad.result()
    assert {one.result()[0].stored for one in good} == {Stored.ACCEPTED}
    assert stored(shop) == {entry(number).row["id"] for number in range(2, 40)}


def test_requests_on_the_event_loop_share_commits_with_those_in_threads(shop: Engine) -> None:
    commits: list[object] = []
    engine_event.listen(shop, "commit", commits.append)
    writer = Writer(shop)

    async def all_at_once(committing: ThreadPoolExecutor) -> list[list[Receipt]]:
        return await asyncio.gather(
            *(writer.write_soon([entry(number)], committing) for number in range(1, 33)),
            asyncio.to_thread(writer.write, [entry(33)]),
        )

    with ThreadPoolExecutor(2) as committing:
        receipts = on_a_loop(lambda: all_at_once(committing))
    assert [one.stored for [one] in receipts] == [Stored.ACCEPTED] * 33
    assert stored(shop) == {entry(number).row["id"] for number in range(1, 34)}
    assert len(commits) <= 2  # what has arrived on the loop is one group, however fast its thread is


def test_what_was_sent_before_is_told_apart_in_a_group_of_the_event_loop(shop: Engine) -> None:
    writer = Writer(shop)
    writer.write([entry(1), entry(2)])
    other = replace(entry(2), row=entry(2).row | {"payload_hash": "another"})
    told = soon(writer, [[entry(1)], [entry(3)], [other], [entry(4)], [entry(4)]])
    new, again, conflict = [Stored.ACCEPTED], [Stored.DUPLICATE], [Stored.CONFLICT]
    assert told == [again, new, conflict, new, again]
    assert stored(shop) == {entry(number).row["id"] for number in range(1, 5)}


def test_a_spoilt_entry_and_an_unknown_tag_spoil_no_other_on_the_event_loop(shop: Engine) -> None:
    spoilt = replace(entry(1), row=entry(1).row | {"kind": None})
    unknown = replace(entry(2), unknown=UnknownTap("MAD", "04AA", None, "ok", "kiosk", NOW))
    told = soon(Writer(shop), [[entry(3)], [spoilt], [unknown], [entry(4)]])
    assert told == [[Stored.ACCEPTED], Refused, [Stored.ACCEPTED], [Stored.ACCEPTED]]
    with Session(shop) as session:
        assert set(session.scalars(select(UnknownTag.uid))) == {"04AA"}


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_connection_of_the_loop_that_was_cut_is_opened_anew(shop: Engine) -> None:
    writer = Writer(shop)
    cut = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()")

    async def story(committing: ThreadPoolExecutor) -> list[Receipt]:
        receipts = await writer.write_soon([entry(1)], committing)
        with shop.connect() as connection, suppress(DBAPIError):
            connection.execute(cut)  # ends with itself
        for number in (2, 3):
            receipts += await writer.write_soon([entry(number)], committing)
        return receipts

    with ThreadPoolExecutor(2) as committing:
        told = on_a_loop(lambda: story(committing))
    assert [one.stored for one in told] == [Stored.ACCEPTED] * 3


def test_a_request_that_gives_up_leaves_the_others_of_its_group_alone(shop: Engine) -> None:
    writer = Writer(shop)

    async def one_gives_up(committing: ThreadPoolExecutor) -> list[list[Receipt] | BaseException]:
        waiting = [asyncio.create_task(writer.write_soon([entry(n)], committing)) for n in range(1, 9)]
        await asyncio.sleep(0)
        waiting[3].cancel()
        return await asyncio.gather(*waiting, return_exceptions=True)

    with ThreadPoolExecutor(2) as committing:
        told = on_a_loop(lambda: one_gives_up(committing))
    assert isinstance(told.pop(3), asyncio.CancelledError)
    assert [one[0].stored for one in told if isinstance(one, list)] == [Stored.ACCEPTED] * 7


def test_one_request_larger_than_a_group_is_written_whole(shop: Engine) -> None:
    entries = [entry(number) for number in range(1, LARGEST_GROUP + 10)]
    assert {receipt.stored for receipt in Writer(shop).write(entries)} == {Stored.ACCEPTED}
    assert stored(shop) == {one.row["id"] for one in entries}


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.sqlite", "postgresql+psycopg://x@127.0.0.1:1/none"])
def test_with_the_database_away_every_request_hears_of_it(url: str) -> None:
    writer = Writer(open_engine(url))
    with ThreadPoolExecutor(8) as kiosks:
        told = [kiosks.submit(writer.write, [entry(number)]) for number in range(1, 20)]
    assert {type(one.exception()) for one in told} == {Unavailable}

    async def on_the_loop(committing: ThreadPoolExecutor) -> list[list[Receipt] | BaseException]:
        asked = [writer.write_soon([entry(number)], committing) for number in range(1, 20)]
        return await asyncio.gather(*asked, return_exceptions=True)

    with ThreadPoolExecutor(2) as committing:
        assert {type(one) for one in on_a_loop(lambda: on_the_loop(committing))} == {Unavailable}


def test_a_group_of_the_event_loop_is_gone_once_it_is_over_without_the_garbage_collector(shop: Engine) -> None:
    writer = Writer(shop)
    gc.collect()
    gc.disable()
    try:
        assert soon(writer, [[entry(1)], [entry(2)]]) == [[Stored.ACCEPTED], [Stored.ACCEPTED]]
        assert [one for one in gc.get_objects() if isinstance(one, Group)] == []
    finally:
        gc.enable()
