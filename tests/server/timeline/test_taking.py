"""What a client may send, wherever its key stands, however it is packed; what does not fit; what is too much."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.errors import Busy
from server.timeline.models import Event, EventHour, EventKind, FailedEvent, Outbox, Quarantine
from server.timeline.sources.queries import source
from server.timeline.taking.line import Line
from tests.clock import NOW, FakeClock
from tests.shopfloor import as_device, tap

STORE = {"X-Write-Key": "wk_store42"}


def track(number: int, event: str = "Product Viewed", **more: Any) -> dict[str, Any]:
    properties = more.pop("properties", {"product_id": "boot"})
    return {
        **{
            "type": "track",
            "event": event,
            "messageId": f"m{number}",
            "anonymousId": "a",
            "properties": properties,
        },
        **{"timestamp": NOW.isoformat()},
        **more,
    }


def batch(*messages: object, **more: Any) -> dict[str, Any]:
    return {"batch": list(messages), "sentAt": NOW.isoformat(), **more}


def events(engine: Engine) -> dict[str, Event]:
    with Session(engine) as session:
        return {event.message_id or str(event.id): event for event in session.scalars(select(Event))}


@pytest.fixture
def writer(sources: Flask) -> FlaskClient:
    return sources.test_client()


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Basic " + base64.b64encode(b"wk_store42:").decode()},
        {"Authorization": "Bearer wk_store42"},
        {"X-Write-Key": "wk_store42"},
        {},
    ],
    ids=["basic", "bearer", "header", "body"],
)
def test_the_key_is_found_wherever_a_client_puts_it(writer: FlaskClient, headers: dict[str, str]) -> None:
    body = batch(track(1), writeKey="id:***" if headers else "wk_store42")
    assert writer.post("/v1/batch", json=body, headers=headers).get_json()["accepted"] == 1


def test_no_key_a_wrong_a_revoked_and_a_readers_key_are_refused_as_clients_understand(
    writer: FlaskClient, engine: Engine, clock: FakeClock
) -> None:
    assert writer.post("/v1/batch", json=batch(track(1)), headers=STORE).status_code == 200
    with Session(engine) as session, session.begin():
        source(session, "store").revoked_at = NOW
    clock.advance(3)
    for headers, status in (
        ({}, 401),
        ({"X-Write-Key": "wk"}, 401),
        (STORE, 401),
        ({"X-Write-Key": "rk_crm"}, 403),
    ):
        answer = writer.post("/v1/batch", json=batch(track(2)), headers=headers)
        assert answer.status_code == status
        assert {"code", "message", "detail"} <= answer.get_json().keys()
    assert set(events(engine)) == {"m1"}


@pytest.mark.parametrize("slash", ["", "/"])
def test_no_path_redirects_and_no_content_type_or_packing_matters(writer: FlaskClient, slash: str) -> None:
    plain = json.dumps(track(1) | batch(track(1)) | {"specversion": "1.0", "id": "1", "source": "s"}).encode()
    deflated = zlib.compress(plain)
    packed = [(plain, None), (gzip.compress(plain), "gzip"), (deflated, "deflate")]
    kinds = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", None]
    paths = ["/v1/track", "/v1/t", "/v1/batch", "/v1/b", "/api/s/track", "/v1/cloudevents"]
    for path, (body, packing), kind in product(paths, packed, kinds):
        headers = {**STORE, **({"Content-Encoding": packing} if packing else {})}
        answer = writer.post(path + slash, data=body, headers=headers, content_type=kind)
        assert (answer.status_code, answer.get_json()["success"]) == (200, True)


def test_a_browser_of_another_origin_may_write_with_every_header_its_library_sends(writer: FlaskClient) -> None:
    origin = {"Origin": "https://shop.example"}
    asked = "anonymousid,authorization,content-type,sentat,x-retry-count"
    answer = writer.options("/v1/t", headers={**origin, "Access-Control-Request-Headers": asked})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Headers"] == asked
    assert answer.headers["Access-Control-Allow-Origin"] == origin["Origin"]
    told = writer.post("/v1/t", json=track(1), headers={**origin, **STORE})
    refused = writer.post("/v1/t", json=track(1), headers=origin)
    for one in (told, refused):
        assert one.headers["Access-Control-Allow-Origin"] == origin["Origin"]
        assert "Origin" in one.headers["Vary"]
        assert "Access-Control-Allow-Credentials" not in one.headers


def test_a_message_is_kept_once_for_ever_and_another_payload_under_its_id_is_put_aside(
    writer: FlaskClient, engine: Engine, clock: FakeClock
) -> None:
    first = writer.post("/v1/batch", json=batch(track(1), track(1)), headers=STORE).get_json()
    assert (first["accepted"], first["duplicates"]) == (1, 1)
    clock.advance(900 * 86400)
    again = writer.post("/v1/batch", json=batch(track(1), sentAt=None), headers=STORE).get_json()
    other = writer.post("/v1/batch", json=batch(track(1, properties={})), headers=STORE).get_json()
    assert (again["duplicates"], other["duplicates"]) == (1, 1)
    assert writer.post("/v1/t", json=track(1), headers={"X-Write-Key": "wk_web"}).get_json()["accepted"] == 1
    with Session(engine) as session:
        [aside] = session.scalars(select(Quarantine))
        assert {event.source_id for event in session.scalars(select(Event))} == {"store", "web"}
    assert (aside.source_id, aside.code, aside.payload["properties"]) == ("store", "conflict", {})


MISFITS: list[tuple[object, str]] = [
    (track(2, properties={"price": "much"}), "schema"),
    (track(2, "Order Completed", properties={"total": 4}), "schema"),
    (track(2, properties=[1]), "schema"),
    (track(2, timestamp="yesterday"), "time"),
    (track(2, timestamp="0001-01-01T00:00:00+23:00"), "time"),
    (track(2, userId={"a": 1}), "schema"),
    (track(2, userId="u" * 300), "schema"),
    (track(2, event=""), "event"),
    ({"type": "shout", "messageId": "m2"}, "type"),
    (track(2, messageId="m" * 101), "message-id"),
    (track(2, more="x" * 40_000), "too-large"),
    ("no message", "type"),
    (None, "type"),
]


def test_what_does_not_fit_is_told_kept_once_and_spoils_no_other(writer: FlaskClient, engine: Engine) -> None:
    for number, (bad, code) in enumerate(MISFITS, start=10):
        for _ in range(2):
            answer = writer.post("/v1/batch", json=batch(track(number), bad), headers=STORE)
            assert answer.status_code == 200
            assert [(one["index"], one["code"]) for one in answer.get_json()["rejected"]] == [(1, code)]
        strict = {**STORE, "X-Strict-Mode": "1"}
        assert writer.post("/v1/batch", json=batch(track(3), bad), headers=strict).status_code == 400
    assert set(events(engine)) == {f"m{number}" for number in range(10, 10 + len(MISFITS))}
    with Session(engine) as session:
        kept = [(failed.message, failed.code) for failed in session.scalars(select(FailedEvent))]
    for bad, code in MISFITS:
        assert kept.count((bad if isinstance(bad, dict) else {"message": bad}, code)) == 1
    assert len(kept) == len(MISFITS)


UNREADABLE = [
    (b"hello", 400),
    (b"", 400),
    (b"[" * 100_000, 400),
    (b'{"batch":' * 50_000, 400),
    (b"4", 400),
    (b"[]", 400),
    (b'{"batch": 4}', 400),
    (b'{"batch": [' + b"{}," * 2500 + b"{}]}", 413),
    (b"x" * (6 * 2**20 + 1), 413),
    (gzip.compress(b" " * 7 * 2**20), 413),
    (gzip.compress(b'{"batch": []}')[:-9], 400),
]


def test_what_cannot_be_read_is_a_problem_every_client_gives_up_on(writer: FlaskClient) -> None:
    for body, status in UNREADABLE:
        answer = writer.post("/v1/batch", data=body, headers=STORE)
        assert answer.status_code == status
        assert {"code", "message", "type", "title", "status", "detail"} <= answer.get_json().keys()


def test_odd_characters_and_numbers_are_kept_as_far_as_any_database_can(
    writer: FlaskClient, engine: Engine
) -> None:
    odd = r'{"a":"x\u0000y","b":"\ud800","c":NaN,"d":1e999,"e":' + "9" * 400 + ',"f":12345678901234567890123}'
    body = f'{{"batch":[{{"type":"track","event":"Odd","messageId":"m1","properties":{odd}}}]}}'
    assert writer.post("/v1/batch", data=body, headers=STORE).get_json()["accepted"] == 1
    told = events(engine)["m1"].properties
    assert (told["a"], told["b"], told["c"], told["d"], told["e"]) == ("xy", "?", None, None, None)


def test_the_same_moment_is_found_whatever_the_clients_clock_says(writer: FlaskClient, engine: Engine) -> None:
    wrong = timedelta(days=3)
    sent = (NOW + wrong).isoformat()
    happened = (NOW + wrong - timedelta(minutes=10)).isoformat()
    library = {"library": {"name": "analytics-node", "version": "3.0.13"}}
    told = [
        (track(1, timestamp=happened), {}),
        (track(2, timestamp=happened), {"X-Retry-Count": "1"}),
        (track(3, timestamp=happened, context=library), {}),
        (track(4, timestamp=None, originalTimestamp=happened), {}),
        (track(5, timestamp=None), {}),
        (track(6, timestamp="2025-03-01T12:00:00.123456+01:00"), {}),
    ]
    for message, headers in told:
        writer.post("/v1/batch", json=batch(message, sentAt=sent), headers={**STORE, **headers})
    writer.post("/v1/batch", json=batch(track(7, timestamp="2025-03-01T12:00:00Z")), headers=STORE)
    found = {name: event.corrected_at for name, event in events(engine).items()}
    ago = NOW - timedelta(minutes=10)
    assert (found["m1"], found["m4"], found["m5"]) == (ago, ago, NOW)
    assert (found["m2"], found["m3"]) == (NOW, NOW), (
        "an old `sentAt` is not believed; nothing is later than received"
    )
    assert found["m7"].year == 2025
    assert events(engine)["m1"].occurred_at == NOW + wrong - timedelta(minutes=10)
    assert events(engine)["m6"].occurred_at.microsecond == 123456


def test_only_who_vouches_says_where_and_a_uuid_carries_on_the_kiosks_visit(
    writer: FlaskClient, engine: Engine
) -> None:
    kiosk = tap(1)
    assert writer.post("/api/v1/taps", json=kiosk, headers=as_device("kiosk")).status_code == 200
    told = track(1, context={"store_id": "MAD", "consent": {"analytics": True}}, anonymousId=kiosk["visit_id"])
    writer.post("/v1/t", json=told, headers=STORE)
    writer.post("/v1/t", json=told, headers={"X-Write-Key": "wk_web"})
    with Session(engine) as session:
        found = {(event.channel, event.store_id, str(event.visit_id)) for event in session.scalars(select(Event))}
    visit = kiosk["visit_id"]
    assert found == {("kiosk", "MAD", visit), ("pos", "MAD", visit), ("web", None, visit)}
    assert events(engine)["m1"].consent == {"analytics": True}


def test_the_count_of_each_hour_and_the_order_of_commits_stand_beside_the_events(
    writer: FlaskClient, engine: Engine
) -> None:
    early = (NOW - timedelta(hours=5)).isoformat()
    writer.post("/v1/batch", json=batch(track(1), track(2), track(1), track(3, timestamp=early)), headers=STORE)
    writer.post("/v1/batch", json=batch(track(3, timestamp=early), track(4, "Something Else")), headers=STORE)
    with Session(engine) as session:
        hours = {(row.hour, row.channel, row.kind): row.events for row in session.scalars(select(EventHour))}
        order = session.scalars(
            select(Event.message_id).join(Outbox, Outbox.event_id == Event.id).order_by(Outbox.seq)
        )
        assert list(order)[3:] == ["m4"]
        assert len(list(session.scalars(select(Outbox.seq)))) == 4
    assert hours == {
        (NOW, "pos", EventKind.PRODUCT_VIEWED): 2,
        (NOW - timedelta(hours=5), "pos", EventKind.PRODUCT_VIEWED): 1,
        (NOW, "pos", EventKind.CUSTOM): 1,
    }


def test_who_stands_in_line_too_long_hears_that_it_is_busy_and_a_place_given_back_is_free() -> None:
    line = Line(1)
    with line.place(), pytest.raises(Busy), line.place(patience=0.01):
        pass
    with line.place(patience=0.01):
        pass
