"""Webhooks: signed as the scheme's own library wants, tried again over days, shut to the private network."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from standardwebhooks import Webhook as Library
from standardwebhooks import WebhookVerificationError

from server.access.rules import Device
from server.db import Base
from server.taps.rules import Meaning, tap_entry
from server.timeline.group_commit import Writer
from server.timeline.models import EventKind
from server.timeline.people.forgetting import erase
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind
from server.timeline.people.queries import Said, link
from server.timeline.webhooks import queries, rules
from server.timeline.webhooks.door import Door
from server.timeline.webhooks.models import Delivery, State
from server.timeline.webhooks.relay import Relay
from server.timeline.webhooks.sealing import Seal
from server.wire import Tap
from tests.clock import FakeClock
from tests.shopfloor import tap

KIOSK = Device("kiosk", "MAD", "kiosk", "Kiosk")
SECRET, NEXT = rules.new_secret(b"1" * 32), rules.new_secret(b"2" * 32)
SEAL = Seal("a key of the tests")
KEYS = PersonKeys({"k1": bytes(range(32))})


class Receiver(HTTPServer):
    """Another system: keeps what it was told, and answers what it is told to."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiving)
        self.told: list[tuple[dict[str, str], bytes]] = []


class _Receiving(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    yield receiver
    receiver.shutdown()
    receiver.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime.now(UTC))  # the scheme's library asks the machine's own clock


OPEN_TO_THIS_MACHINE = Door(may_reach=lambda _: True, schemes=frozenset({"http"}))


@pytest.fixture
def relay(engine: Engine, clock: FakeClock, receiver: Receiver) -> Relay:
    """A relay on a database with one webhook, which is told of all kinds."""
    add(engine, "crm", receiver, clock)
    return Relay(engine, OPEN_TO_THIS_MACHINE, SEAL, KEYS, clock)


def add(engine: Engine, name: str, receiver: Receiver, clock: FakeClock, kinds: tuple[str, ...] = ()) -> None:
    url = f"http://127.0.0.1:{receiver.server_port}/told?by=us"
    with Session(engine) as session, session.begin():
        queries.add_webhook(session, name, url=url, secret=SEAL.seal(SECRET), kinds=kinds, now=clock())


def happen(engine: Engine, *numbers: int, sign: bool = False) -> None:
    meaning = Meaning("sign:autumn", sign_id="autumn") if sign else Meaning("product:boot", "boot")
    taps = [Tap.model_validate(tap(number)) for number in numbers]
    Writer(engine).write([tap_entry(one, meaning, KIOSK, received=one.occurred_at) for one in taps])


def run(relay: Relay) -> None:
    while relay.run_once():
        pass


def deliveries(engine: Engine) -> dict[UUID, Delivery]:
    with Session(engine) as session:
        return {row.event_id: row for row in session.scalars(select(Delivery))}


def ids(*numbers: int) -> set[str]:
    return {str(UUID(int=number, version=4)) for number in numbers}


def test_each_event_is_delivered_once_and_the_schemes_library_believes_it(
    engine: Engine, relay: Relay, receiver: Receiver
) -> None:
    happen(engine, 1, 2)
    happen(engine, 3, sign=True)
    run(relay)
    run(relay)
    told = [Library(SECRET).verify(body, headers) for headers, body in receiver.told]
    assert [event["id"] for event in told if event["id"] in ids(1, 2, 3)] == [event["id"] for event in told]
    assert {event["id"] for event in told} == ids(1, 2, 3)
    assert len({headers["webhook-id"] for headers, _ in receiver.told}) == 3


def test_what_was_tampered_with_is_stale_or_of_another_is_not_believed(
    engine: Engine, relay: Relay, receiver: Receiver
) -> None:
    happen(engine, 1)
    run(relay)
    [(headers, body)] = receiver.told
    old = {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) - 301)}
    for secret, told, shown in ((SECRET, body + b" ", headers), (SECRET, body, old), (NEXT, body, headers)):
        with pytest.raises(WebhookVerificationError):
            Library(secret).verify(told, shown)


def test_while_a_secret_is_replaced_both_sign_and_then_only_the_new_one(
    engine: Engine, relay: Relay, receiver: Receiver, clock: FakeClock
) -> None:
    with Session(engine) as session, session.begin():
        row = queries.webhook(session, "crm")
        row.old_secret, row.old_until, row.secret = row.secret, clock() + rules.ROTATION, SEAL.seal(NEXT)
    happen(engine, 1)
    run(relay)
    [(headers, body)] = receiver.told
    assert Library(SECRET).verify(body, headers) == Library(NEXT).verify(body, headers)
    signed = rules.headers(UUID(int=1), body, [NEXT], now=clock())
    clock.advance(rules.ROTATION.total_seconds() + 1)
    happen(engine, 2)
    run(relay)
    assert len(receiver.told[1][0]["webhook-signature"].split()) == len(signed["webhook-signature"].split()) == 1


def test_a_receiver_that_fails_is_tried_again_under_the_same_id_over_days_then_given_up_and_told_on_demand(
    engine: Engine, relay: Relay, receiver: Receiver, clock: FakeClock
) -> None:
    receiver.status = 500
    happen(engine, 1)
    began, tried = clock(), [clock()]
    run(relay)
    while (row := deliveries(engine)[UUID(int=1, version=4)]).state == State.WAITING:
        clock.advance((row.next_at - clock()).total_seconds() - 1)
        run(relay)
        assert len(receiver.told) == len(tried), "nothing is sent before its time"
        clock.advance(1)
        tried.append(clock())
        run(relay)
    assert row.state == State.GIVEN_UP
    assert len(receiver.told) == len(tried) == len(rules.PAUSES) + 1
    assert clock() - began > timedelta(days=3)
    assert len({headers["webhook-id"] for headers, _ in receiver.told}) == 1
    receiver.status = 204
    with Session(engine) as session, session.begin():
        assert queries.send_again(session, "crm", clock()) == 1
    run(relay)
    assert deliveries(engine)[UUID(int=1, version=4)].state == State.DELIVERED


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_failure_and_is_not_followed(
    engine: Engine, relay: Relay, receiver: Receiver, status: int
) -> None:
    receiver.status = status
    happen(engine, 1)
    run(relay)
    assert len(receiver.told) == 1
    assert deliveries(engine)[UUID(int=1, version=4)].answer == str(status)


def test_one_that_wants_to_hear_no_more_is_told_no_more(engine: Engine, relay: Relay, receiver: Receiver) -> None:
    receiver.status = 410
    happen(engine, 1, 2)
    run(relay)
    happen(engine, 3)
    run(relay)
    assert len(receiver.told) == 1
    with Session(engine) as session:
        assert "410" in str(queries.webhook(session, "crm").reason)


def test_one_that_cannot_be_reached_keeps_no_other_waiting_and_each_hears_of_its_kinds(
    engine: Engine, relay: Relay, receiver: Receiver, clock: FakeClock
) -> None:
    with receiving() as gone:
        add(engine, "gone", gone, clock)
    add(engine, "signs", receiver, clock, kinds=(EventKind.SIGN_TAPPED,))
    happen(engine, 1)
    happen(engine, 2, sign=True)
    run(relay)
    told = [json.loads(body)["id"] for _, body in receiver.told]
    assert sorted(told) == sorted([*ids(1, 2), *ids(2)])


def test_secrets_lie_sealed_in_the_database(engine: Engine, relay: Relay) -> None:
    with Session(engine) as session:
        sealed = queries.webhook(session, "crm").secret
    assert SECRET.encode() not in sealed
    assert SEAL.unseal(sealed) == SECRET
    with pytest.raises(Exception, match="SHELFTALKER_SECRET_KEY"):
        Seal("another").unseal(sealed)


def test_a_name_is_looked_up_once_and_held_to(receiver: Receiver) -> None:
    looked: list[str] = []

    def changing(host: str, _: int) -> list[str]:
        looked.append(host)
        return ["127.0.0.1"] if len(looked) == 1 else ["10.0.0.1"]

    door = Door(may_reach=lambda _: True, resolve=changing, schemes=frozenset({"http"}))
    assert door.post(f"http://shop.example:{receiver.server_port}/", b"{}", {}) == 200
    assert looked == ["shop.example"]
    assert receiver.told[0][0]["Host"] == f"shop.example:{receiver.server_port}"


def test_an_erasure_is_told_to_all_by_the_ids_they_know_and_nothing_of_it_stays(
    engine: Engine, relay: Relay, receiver: Receiver, clock: FakeClock
) -> None:
    add(engine, "till", receiver, clock, kinds=("order_completed",))
    customer, visit = Id(IdKind.CUSTOMER, "mk9-customer"), Id(IdKind.VISIT, str(UUID(int=7, version=4)))
    card, said = KEYS.hidden(Id(IdKind.CARD, "4004321")), Said("test", "asked", clock())
    numbers = iter(range(50, 90))

    def fresh_id() -> UUID:
        return UUID(int=next(numbers), version=4)

    with Session(engine) as session, session.begin():
        for ends in ((customer, card), (card, visit)):
            link(session, ends, said, link_id=fresh_id())
        request_id = erase(session, customer, said, keys=KEYS, fresh_id=fresh_id).id
    receiver.status = 503
    run(relay)
    assert not [row for row in stored(engine) if customer.value in row], "sealed while it waits"
    receiver.status, receiver.told = 204, []
    clock.advance(rules.PAUSES[0].total_seconds())
    run(relay)
    said_to = [Library(SECRET).verify(body, headers) for headers, body in receiver.told]
    ids_known = {"user_ids": [customer.value], "visit_ids": [visit.value]}
    assert [one["data"] for one in said_to] == [{"request_id": str(request_id), **ids_known}] * 2
    assert {one["type"] for one in said_to} == {"customer.erased"}
    assert [(row.state, row.sealed) for row in deliveries(engine).values()] == [(State.DELIVERED, None)]


def stored(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [str(session.execute(select(table)).all()) for table in Base.metadata.sorted_tables]
