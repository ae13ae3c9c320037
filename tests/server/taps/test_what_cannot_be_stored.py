"""What a hostile tag has written on it, and PostgreSQL cannot hold, stops no kiosk's queue."""

from __future__ import annotations

from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.tags.models import UnknownTag
from server.timeline.models import Event
from tests.shopfloor import UIDS, as_device, sign_in, tap

STRANGER = "04FFFFFF"
NUL = "https://id.example/\x00boot"


def test_a_tag_with_a_nul_is_stored_with_its_neighbours(client: FlaskClient, engine: Engine) -> None:
    sent = [tap(1, STRANGER, uri=NUL), tap(2, UIDS["boot"], uri=NUL), tap(3, language="e\x00n")]
    answer = client.post("/api/v1/taps/batch", json={"taps": sent}, headers=as_device("kiosk"))
    ids = {UUID(str(one["tap_id"])) for one in sent}
    assert {UUID(one) for one in answer.get_json()["accepted"]} == ids
    with Session(engine) as session:
        assert set(session.scalars(select(Event.id))) == ids
        assert session.scalars(select(UnknownTag.uri)).all() == ["https://id.example/boot"]


def test_the_same_tap_sent_twice_with_its_nul_is_one_tap(client: FlaskClient) -> None:
    bodies = [
        client.post("/api/v1/taps", json=tap(1, uri=NUL), headers=as_device("kiosk")).get_json() for _ in range(2)
    ]
    assert [body["stored"] for body in bodies] == ["accepted", "duplicate"]


def test_a_touched_tile_nobody_knows_is_kept_too(client: FlaskClient) -> None:
    body = tap(1, None) | {"picked": "bo\x00ot"}
    answer = client.post("/api/v1/taps", json=body, headers=as_device("kiosk"))
    assert answer.get_json()["card"]["product_id"] == "boot"


def test_a_person_who_asks_for_a_nul_is_told_in_words(client: FlaskClient, engine: Engine) -> None:
    sign_in(client, "manager")
    answer = client.get("/manage/MAD/tags?product=bo%00ot")
    assert answer.status_code == (422 if engine.dialect.name == "postgresql" else 200)
    assert "<html" in answer.get_data(as_text=True)
