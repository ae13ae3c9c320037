"""Every event of our own fits the schema that is published of its kind, and nothing more; others' fit theirs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from jsonschema_rs import Draft202012Validator, meta
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from server.timeline.models import Event, EventKind
from server.timeline.own_properties import OWN_SCHEMAS
from server.timeline.people import queries
from server.timeline.people.forgetting import NOTHING_LEFT
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind
from server.timeline.people.queries import Said
from server.timeline.published.commands import schemas
from server.timeline.reading.told import told
from server.timeline.rules.vocabulary import OWN
from server.timeline.sources.models import Right
from server.timeline.sources.queries import add_source
from tests.clock import NOW
from tests.shopfloor import BOOT_38, UIDS, as_device, tap

BAND = "04DDEEFF001122"
VISIT = str(UUID(int=7, version=4))
KIOSK = as_device("kiosk")


def published(client: FlaskClient, kind: str) -> dict[str, Any]:
    path = client.get("/schemas/events").get_json()[kind]
    answer = client.get(path)
    assert answer.mimetype == "application/schema+json"
    schema: dict[str, Any] = answer.get_json()
    return schema


def happen(app: Flask, engine: Engine) -> None:
    """Let our own devices tell of everything they can tell of."""
    with Session(engine) as session, session.begin():
        ends = PersonKeys({"k1": bytes(range(32))}).hidden(Id(IdKind.CARD, BAND)), Id(IdKind.CUSTOMER, "C")
        queries.link(session, ends, Said("crm", "enrolled", NOW), link_id=UUID(int=900, version=4))
        add_source(session, "app", channel="app", store_id=None, rights=[Right.VOUCH], key="wk_app", now=NOW)
    client, moment = app.test_client(), {"visit_id": VISIT, "occurred_at": NOW.isoformat()}

    def send(path: str, body: dict[str, Any], headers: dict[str, str] = KIOSK) -> Any:
        answer = client.post(f"/api/v1{path}", json=body, headers=headers)
        assert answer.status_code < 300, answer.get_data(as_text=True)
        return answer.get_json(silent=True)

    hint = f"https://id.gs1.org/01/{BOOT_38}"
    for number, (uid, more) in enumerate(
        (
            (UIDS["boot"], {}),
            (UIDS["sign"], {}),
            (BAND, {}),
            ("04FFFFFFFFFF01", {"outcome": "malformed"}),
            ("04FFFFFFFFFF02", {"uri": hint}),
            (None, {"picked": "sock", "cause": str(UUID(int=1, version=4))}),
            (None, {"picked": "nothing we have"}),
        ),
        start=1,
    ):
        send("/taps", tap(number, uid, **more))
    app.extensions["tap_desk"].shown.flush()
    send("/visits/choices", {"choice_id": str(UUID(int=50, version=4)), "agreed": ["service"], **moment})
    send("/visits/stories", {"choice_id": str(UUID(int=51, version=4)), "yes": True, **moment})
    link = send("/hand-overs?asks_who=1", {"visit_id": VISIT})["link"]
    asks = send("/hand-overs/redeem", {"link": link, "user_id": "C"}, {"X-Write-Key": "wk_app"})
    send(f"/hand-overs/{asks['hand_over_id']}/introduction", {"sign": asks["sign"]})
    send("/calls", {"call_id": str(UUID(int=52, version=4)), "product_id": "boot", **moment})
    send("/visits/ends", {"how": "done", **moment})


@pytest.fixture
def events(app: Flask, engine: Engine) -> Iterator[list[Event]]:
    happen(app, engine)
    with Session(engine) as session:
        yield list(session.scalars(select(Event)))


def as_told(event: Event) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(told(event).model_dump_json())
    return body


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_event_of_our_own_fits_and_says_nothing_its_schema_does_not(
    app: Flask, engine: Engine, events: list[Event]
) -> None:
    assert {event.kind for event in events} == set(OWN) == set(OWN_SCHEMAS)
    client = app.test_client()
    for event in events:
        schema = Draft202012Validator(published(client, event.kind), validate_formats=True)
        body = as_told(event)
        schema.validate(body)
        assert not schema.is_valid({**body, "properties": {**body["properties"], "more": 1}})
        assert not schema.is_valid({**body, "kind": "something_else"})
        assert not schema.is_valid({**body, "consent": {"service": True}})
    with Session(engine) as session, session.begin():
        session.execute(update(Event).values(**NOTHING_LEFT))
    with Session(engine) as session:
        for event in session.scalars(select(Event)):
            Draft202012Validator(published(client, event.kind)).validate(as_told(event))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_others_tell_of_fits_when_it_was_taken(sources: Flask, engine: Engine) -> None:
    bought = {"order_id": 4711, "total": "12.50", "products": [{"sku": 9, "price": 1.5, "size": "M"}], "own": [1]}
    batch = [
        {"type": "track", "event": "Order Completed", "messageId": "m1", "properties": bought},
        {"type": "track", "event": "Fitting booked", "messageId": "m2", "context": {"consent": {"ads": 1}}},
        {"type": "identify", "userId": "u", "messageId": "m3", "traits": {"email": "a@b.example"}},
    ]
    client = sources.test_client()
    sent = client.post("/v1/batch", json={"batch": batch}, headers={"X-Write-Key": "wk_web"})
    assert sent.get_json()["accepted"] == 3
    with Session(engine) as session:
        for event in session.scalars(select(Event)):
            Draft202012Validator(published(client, event.kind)).validate(as_told(event))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_writes_what_is_served_for_every_kind(app: Flask, tmp_path: Path) -> None:
    done = CliRunner().invoke(schemas, [str(tmp_path / "new")])
    assert done.exit_code == 0, done.output
    files = {path.name.partition(".")[0]: json.loads(path.read_text("utf-8")) for path in tmp_path.rglob("*.json")}
    client = app.test_client()
    assert set(files) == set(EventKind)
    for kind, schema in files.items():
        assert schema == published(client, kind)
        assert meta.is_valid(schema)
    assert len({schema["$id"] for schema in files.values()}) == len(files)
    assert client.get("/schemas/events/product_tapped/2").status_code == 404
