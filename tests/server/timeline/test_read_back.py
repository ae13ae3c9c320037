"""The timeline read: over all channels, newest first, page by page, filtered; as it happens; all of it."""

from __future__ import annotations

import io
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pyarrow.parquet as pq
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.timeline.models import Event
from server.timeline.reading.asked import Filter
from server.timeline.reading.export import as_parquet
from server.timeline.reading.stream import Live, Streams
from tests.clock import NOW
from tests.shopfloor import BOOT_38, UIDS, as_device, tap

READ = {"Authorization": "Bearer rk_crm"}
VISIT = str(UUID(int=7, version=4))


@pytest.fixture
def reader(sources: Flask) -> FlaskClient:
    """A client of a shop in which a visit went on at the kiosk, on the web and at the till, and others did too."""
    client = sources.test_client()
    moments = [NOW - timedelta(minutes=number) for number in range(1, 13)]
    taps = [
        tap(number, UIDS["boot38"] if number == 1 else UIDS["boot"], at=moment, age_ms=number * 60_000)
        for number, moment in enumerate(moments, start=1)
    ]
    client.post("/api/v1/taps/batch", json={"taps": taps}, headers=as_device("kiosk"))
    for key in ("wk_web", "wk_store42"):
        messages = [
            {
                **{
                    "type": "track",
                    "event": "Product Viewed",
                    "messageId": f"{whose}{number}",
                    "anonymousId": visit,
                },
                **{"timestamp": moment.isoformat(), "userId": f"{whose}-user"},
            }
            for whose, visit in (("mine", VISIT), ("other", str(UUID(int=8))))
            for number, moment in enumerate(moments)
        ]
        client.post("/v1/batch", json={"batch": messages}, headers={"X-Write-Key": key})
    return client


def told(client: FlaskClient, path: str) -> dict[str, Any]:
    answer = client.get(f"/api/v1/timeline{path}", headers=READ)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def all_pages(client: FlaskClient, path: str, *, limit: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    page = told(client, f"{path}?limit={limit}")
    while True:
        found += page["events"]
        if page["next"] is None:
            return found
        page = told(client, f"{path}?limit={limit}&cursor={page['next']}")


def model(engine: Engine, **equal: object) -> list[str]:
    """What a timeline must be, worked out in the plainest way."""
    with Session(engine) as session:
        events = [
            event
            for event in session.scalars(select(Event))
            if all(getattr(event, name) == value for name, value in equal.items())
        ]
    return [str(e.id) for e in sorted(events, key=lambda e: (e.corrected_at, e.id), reverse=True)]


def test_a_visit_is_told_over_all_channels_newest_first(reader: FlaskClient, engine: Engine) -> None:
    found = all_pages(reader, f"/visits/{VISIT}", limit=200)
    assert {event["channel"] for event in found} == {"kiosk", "web", "pos"}
    moments = [datetime.fromisoformat(event["corrected_at"]) for event in found]
    assert moments == sorted(moments, reverse=True)


def test_no_page_loses_or_repeats_an_event(reader: FlaskClient, engine: Engine) -> None:
    visit, user = model(engine, visit_id=UUID(VISIT)), model(engine, user_id="mine-user")
    for limit in (1, 7, 36, 200):
        assert [event["id"] for event in all_pages(reader, f"/visits/{VISIT}", limit=limit)] == visit
        assert [event["id"] for event in all_pages(reader, "/users/mine-user", limit=limit)] == user


def test_channel_kind_and_time_leave_out_what_is_not_asked_for(reader: FlaskClient, engine: Engine) -> None:
    whole = told(reader, f"/visits/{VISIT}?limit=200")["events"]
    since, until = NOW - timedelta(minutes=9), NOW - timedelta(minutes=3)
    asked = f"?limit=200&channel=web,kiosk&kind=product_viewed&since={since.isoformat()}&until={until.isoformat()}"
    wanted = [
        event["id"]
        for event in whole
        if event["channel"] in {"web", "kiosk"}
        and event["kind"] == "product_viewed"
        and since <= datetime.fromisoformat(event["corrected_at"]) < until
    ]
    assert wanted
    found = told(reader, f"/visits/{VISIT}{asked.replace('+', '%2B')}")["events"]
    assert [event["id"] for event in found] == wanted


def test_a_tap_is_told_in_the_words_of_others_with_its_digital_link(reader: FlaskClient) -> None:
    [first, *_] = told(reader, f"/visits/{VISIT}?channel=kiosk")["events"]
    assert first["event"] == "Product Viewed"
    assert first["subject"] == f"https://id.gs1.org/01/{BOOT_38}"
    assert {"occurred_at", "received_at", "corrected_at", "sent_at"} <= first.keys()


WRONG = {
    f"/visits/{VISIT}?limit=0": 422,
    f"/visits/{VISIT}?limit=x": 422,
    f"/visits/{VISIT}?cursor=4": 422,
    f"/visits/{VISIT}?kind=shouted": 422,
    f"/visits/{VISIT}?since=soon": 422,
    "/visits/4": 404,
    "/export?format=doc": 422,
    "/stream?after=x": 422,
}


def test_what_cannot_be_asked_is_told_in_words(sources: Flask) -> None:
    for path, status in WRONG.items():
        answer = sources.test_client().get(f"/api/v1/timeline{path}", headers=READ)
        assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), path


def test_only_who_may_read_reads(reader: FlaskClient) -> None:
    for path in (f"/visits/{VISIT}", "/users/mine-user", "/stream", "/export"):
        for headers, status in (({}, 401), ({"X-Write-Key": "wk_web"}, 403), (as_device("kiosk"), 401)):
            assert reader.get(f"/api/v1/timeline{path}", headers=headers).status_code == status


def numbers(stream: bytes) -> list[int]:
    return [int(line[4:]) for line in stream.decode().splitlines() if line.startswith("id: ")]


def test_the_stream_goes_on_after_the_last_event_a_reader_had(reader: FlaskClient, engine: Engine) -> None:
    whole = b"".join(Live(engine, Filter(), wait=lambda _: False, lasts=0.4).after(0))
    seen = numbers(whole)
    assert len(seen) == len(model(engine))
    assert seen == sorted(set(seen))
    later = b"".join(Live(engine, Filter(), wait=lambda _: False, lasts=0.4).after(seen[10]))
    assert numbers(later) == seen[11:]
    web = b"".join(Live(engine, Filter(channels=("web",)), wait=lambda _: False, lasts=0.4).after(0))
    told = [json.loads(line[6:]) for line in web.decode().splitlines() if line.startswith("data: {")]
    assert {event["id"] for event in told} == set(model(engine, channel="web"))


def test_what_happens_while_a_stream_is_open_comes_on_it(reader: FlaskClient, engine: Engine) -> None:
    def wait(_: float) -> bool:
        message = {"type": "page", "name": "Now", "messageId": "now", "anonymousId": "a"}
        reader.post("/v1/page", json=message, headers={"X-Write-Key": "wk_web"})
        return False

    last = numbers(b"".join(Live(engine, Filter(), wait=lambda _: False, lasts=0.2).after(0)))[-1]
    came = b"".join(Live(engine, Filter(), wait=wait, lasts=0.4).after(last))
    [line] = [line for line in came.decode().splitlines() if line.startswith("data: ")]
    assert json.loads(line[6:])["message_id"] == "now"


def test_a_stream_over_http_begins_where_it_is_told(reader: FlaskClient) -> None:
    answer = reader.get("/api/v1/timeline/stream", headers={**READ, "Last-Event-ID": "3"})
    assert answer.mimetype == "text/event-stream"
    chunks = answer.iter_encoded()
    assert next(chunks) == b"retry: 500\n\n"
    assert next(chunks).startswith(b"id: 4\n")
    answer.close()


def test_there_are_only_so_many_streams_and_each_gives_its_place_back() -> None:
    streams = Streams(1)
    leave = streams.open()
    with pytest.raises(Exception, match="moment"):
        streams.open()
    leave()
    streams.open()


def test_both_exports_hold_every_event_with_what_it_says(reader: FlaskClient, engine: Engine) -> None:
    lines = reader.get("/api/v1/timeline/export", headers=READ).get_data().splitlines()
    told = {event["id"]: event for event in map(json.loads, lines)}
    assert told.keys() == set(model(engine))
    file = reader.get("/api/v1/timeline/export?format=parquet", headers=READ).get_data()
    rows = pq.read_table(io.BytesIO(file)).to_pylist()
    assert {row["id"] for row in rows} == told.keys()
    for row in rows:
        event = told[row["id"]]
        assert json.loads(row["properties"]) == event["properties"]
        assert row["corrected_at"] == datetime.fromisoformat(event["corrected_at"])
        assert (row["kind"], row["visit_id"], row["user_id"]) == (
            event["kind"],
            event["visit_id"],
            event["user_id"],
        )
    web = reader.get("/api/v1/timeline/export?channel=web", headers=READ).get_data().splitlines()
    assert {json.loads(line)["id"] for line in web} == set(model(engine, channel="web"))


def test_a_parquet_file_of_nothing_is_one() -> None:
    assert pq.read_table(io.BytesIO(b"".join(as_parquet(iter([]))))).num_rows == 0
