"""What real clients sent is taken, answered as each needs it, and becomes the events it should."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.timeline.models import Event, EventKind
from tests.server.timeline.recorded import Recorded, clients, requests_of

CLOUD = "Bearer wk_store42"


def send(app: Flask, request: Recorded) -> Any:
    headers = list(request.headers)
    if request.path == "/v1/cloudevents":  # the caller's own affair: recorded without one
        headers.append(("Authorization", CLOUD))
    return app.test_client().open(request.path, method=request.method, headers=headers, data=request.body)


def messages(request: Recorded) -> Iterator[dict[str, Any]]:
    if request.method == "POST":
        yield from request.json.get("batch", [request.json])


def message_ids(request: Recorded) -> set[str]:
    if request.path == "/v1/cloudevents":
        headers = {name.lower(): value for name, value in request.headers}
        return {headers.get("ce-id") or request.json["id"]}
    return {message["messageId"] for message in messages(request)}


def test_every_request_is_answered_200_and_every_message_is_there_once(sources: Flask, engine: Engine) -> None:
    recorded = [request for name in clients() for request in requests_of(name)]
    requests = [one for one in recorded if (one.method, one.path) != ("GET", "/v1/batch")]  # after a redirect
    assert len(requests) > 100
    for request in [*requests, *requests]:  # all of it twice: as when every answer was lost
        answer = send(sources, request)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        if request.method == "POST":
            assert answer.get_json()["success"] is True
            assert answer.get_json()["rejected"] == []
    with Session(engine) as session:
        stored = list(session.scalars(select(Event.message_id).where(Event.message_id.is_not(None))))
    assert sorted(stored) == sorted({one for request in requests if request.json for one in message_ids(request)})


GOLDEN = {
    "py-segment.calls": ("analytics-python", "cust-77", {"email": "a@example.com", "name": "Ann"}),
    "py-rudder.calls": ("analytics-python", "cust-77", {"email": "a@example.com", "name": "Ann"}),
    "next-std": ("analytics.js", "cust-77", {"email": "a@example.com"}),
    "rudderjs": ("RudderLabs JavaScript SDK", "cust-77", {"email": "a@example.com"}),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_a_client_s_calls_become_the_same_events_whichever_client_it_is(
    sources: Flask, engine: Engine, name: str
) -> None:
    requests = requests_of(name)
    for request in requests:
        send(sources, request)
    sent = {message["messageId"]: message for request in requests for message in messages(request)}
    library, user, traits = GOLDEN[name]
    with Session(engine) as session:
        events = {event.message_id: event for event in session.scalars(select(Event))}
    by_kind = {event.kind: event for event in events.values()}
    assert {EventKind.PRODUCT_VIEWED, EventKind.IDENTIFIED, EventKind.PAGE_VIEWED} <= by_kind.keys()
    assert {EventKind.ALIAS_TOLD, EventKind.GROUP_JOINED} <= by_kind.keys()
    assert by_kind[EventKind.IDENTIFIED].user_id == user
    assert by_kind[EventKind.IDENTIFIED].properties == traits
    assert by_kind[EventKind.GROUP_JOINED].properties["group_id"] == "store-S042"
    assert by_kind[EventKind.ALIAS_TOLD].properties["previous_id"] in {"anon-old", "kiosk7-sess-0192f0aa"}
    assert by_kind[EventKind.PRODUCT_VIEWED].user_id is None, "null, absent and '' all mean nobody"
    assert by_kind[EventKind.PRODUCT_VIEWED].product_id == "SKU-1001"
    assert by_kind[EventKind.PAGE_VIEWED].name == "Product detail"
    for message_id, event in events.items():
        assert event.context["context"]["library"]["name"] == library
        told = sent[message_id]
        assert event.anonymous_id == (told.get("anonymousId") or None)
        assert (event.visit_id is None) == (event.anonymous_id is None)


@pytest.mark.parametrize("name", ["py-ce.calls", "node-ce.calls"])
def test_a_cloud_event_in_the_headers_and_in_the_body_are_one(sources: Flask, engine: Engine, name: str) -> None:
    for request in requests_of(name):
        assert send(sources, request).get_json()["success"] is True
    with Session(engine) as session:
        [event] = session.scalars(select(Event))
    assert (event.kind, event.name) == (EventKind.CUSTOM, "com.example.kiosk.product_tapped.v1")
    assert (event.seq, event.anonymous_id, event.product_id) == (42, "sess-1", "SKU-1001")
