"""Lists a kiosk shows while the server is away are told of as what was shown, once the taps come."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.timeline.models import Event, EventKind
from server.wire import Shelf
from tests.clock import NOW
from tests.shopfloor import as_device, tap

LISTED = {
    "model": 3,
    "tiles": [{"product_id": "sock", "reason": "pinned"}, {"product_id": "cap", "reason": "alike"}],
}


def shown(client: FlaskClient, engine: Engine) -> list[Event]:
    client.application.extensions["tap_desk"].shown.flush()
    with Session(engine) as session:
        wanted = select(Event).where(Event.kind == EventKind.SUGGESTIONS_SHOWN)
        return list(session.scalars(wanted.order_by(Event.corrected_at)))


def send(client: FlaskClient, *taps: dict[str, object]) -> None:
    answer = client.post("/api/v1/taps/batch", json={"taps": list(taps)}, headers=as_device("kiosk"))
    assert len(answer.get_json()["accepted"] + answer.get_json()["duplicates"]) == len(taps)


def test_what_a_tap_that_waited_says_was_listed_is_told_once(client: FlaskClient, engine: Engine) -> None:
    at = NOW - timedelta(hours=1)
    waited: dict[str, Any] = tap(1, at=at, age_ms=3_600_000, listed=LISTED)
    for _ in range(2):
        send(client, waited, tap(2, "04FFFFFFFFFF01", listed=LISTED), tap(3))
    send(client, tap(4, listed=LISTED | {"tiles": [{"product_id": "sock", "reason": "of a newer kiosk"}]}))
    (event,) = shown(client, engine)
    assert (event.cause_id, event.corrected_at) == (UUID(waited["tap_id"]), at)
    assert event.properties == {
        "model_version": 3,
        "degraded": False,
        "held_out": False,
        "propensity": 1.0,
        "remembered": True,
        "tiles": [
            {"product_id": "sock", "position": 1, "reason": "pinned"},
            {"product_id": "cap", "position": 2, "reason": "alike"},
        ],
    }


def test_a_live_answer_is_what_was_shown_and_what_was_listed_is_no_part_of_the_tap(
    client: FlaskClient, engine: Engine
) -> None:
    for more in ({"listed": LISTED}, {}):
        assert client.post("/api/v1/taps", json=tap(1, **more), headers=as_device("kiosk")).status_code == 200
    (event,) = shown(client, engine)
    assert "remembered" not in event.properties


def copy(client: FlaskClient, query: str = "&later=1") -> Shelf:
    answer = client.get(f"/api/v1/shelf?revision=-1{query}", headers=as_device("kiosk"))
    return Shelf.model_validate_json(answer.data)


def test_a_kiosk_that_does_not_ask_gets_no_field_it_would_refuse(client: FlaskClient) -> None:
    body = client.get("/api/v1/shelf?revision=-1", headers=as_device("kiosk")).get_json()
    assert not {"later", "models"} & set(body)
    assert copy(client).models == dict.fromkeys(copy(client).goes_with, 0)
