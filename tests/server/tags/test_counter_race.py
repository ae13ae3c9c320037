"""One message, many copies at once: exactly one is accepted, on both engines, from however many processes."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.db import open_engine
from server.tags.alarms.models import AlarmKind, TagAlarm
from server.tags.alarms.queries import count_up
from server.tags.alarms.rules import Counted, Noticed
from server.tags.keyring.queries import add_keys
from server.tags.keyring.sealing import Masters
from server.tags.models import Tag
from server.wire import Tap
from tests.clock import NOW
from tests.server.tags.signing_tag import MASTER, SigningTag
from tests.shopfloor import SEAL, as_device, furnish, tap

UID = "04AABBCCDDEE80"
COPIES = 8
ROUNDS = 5


def at_once(work: Callable[[int], object]) -> list[object]:
    """Run `work` in as many threads as there are copies, all let go together."""
    gate = threading.Barrier(COPIES)

    def one(number: int) -> object:
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(COPIES) as threads:
        return list(threads.map(one, range(COPIES)))


def enrol(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        add_keys(session, "boots", Masters(MASTER, MASTER), sealing=SEAL, nonce=bytes(12), now=NOW)
        session.add(Tag(uid=UID, store_id="MAD", enrolled_at=NOW, key_set="boots"))


def test_of_equal_counters_exactly_one_raises(database_url: str, engine: Engine) -> None:
    with Session(engine) as session:
        furnish(session)
    enrol(engine)
    engines = [
        open_engine(database_url) for _ in range(COPIES)
    ]  # as processes have them: none shares a connection

    def count(number: int, counter: int) -> Counted:
        sent = Tap.model_validate(tap(1000 * counter + number, UID))
        with Session(engines[number]) as session, session.begin():
            return count_up(session, Noticed(sent, UID, "MAD", "kiosk", NOW), counter)

    for counter in range(ROUNDS):
        verdicts = at_once(lambda number, counter=counter: count(number, counter))  # type: ignore[misc]  # bound now
        assert Counter(verdicts) == {Counted.RAISED: 1, Counted.AGAIN: COPIES - 1}
    for one in engines:
        one.dispose()


@pytest.mark.parametrize("apart", [True, False], ids=["different taps", "one tap resent"])
def test_of_taps_with_one_message_exactly_one_is_no_replay(app: Flask, engine: Engine, apart: bool) -> None:
    enrol(engine)
    uri = SigningTag().uri()

    def send(number: int) -> int:
        body = tap(number if apart else 1, UID, uri=uri)
        return app.test_client().post("/api/v1/taps", json=body, headers=as_device("kiosk")).status_code

    assert at_once(send) == [200] * COPIES
    app.extensions["tap_desk"].watch.settle()
    with Session(engine) as session:
        alarms = {(row.kind, row.count) for row in session.scalars(select(TagAlarm))}
        row = session.get(Tag, UID)
        assert row
        assert row.counter == 1
    assert alarms == ({(AlarmKind.REPLAYED, COPIES - 1)} if apart else set())
