"""What the database refuses for what it says is put aside and refused for good; nothing beside it is."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from server.timeline.models import Event, FailedEvent, Quarantine
from server.timeline.people import forgetting
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind
from server.timeline.people.queries import Said
from tests.clock import NOW
from tests.server.timeline.test_taking import STORE, batch, track
from tests.shopfloor import as_device, tap

BAD = tap(2, language="xx")


@pytest.fixture
def picky(engine: Engine, app: Flask) -> Engine:
    """A database that takes nothing in which `xx` is said; each engine in its own words."""
    sqlite = (
        "CREATE TRIGGER picky BEFORE INSERT ON event WHEN NEW.properties LIKE '%\"xx\"%' "
        "BEGIN SELECT RAISE(ABORT, 'no xx'); END"
    )
    postgres = "ALTER TABLE event ADD CONSTRAINT picky CHECK (properties::text NOT LIKE '%\"xx\"%')"
    with engine.begin() as connection:
        connection.execute(text(sqlite if engine.dialect.name == "sqlite" else postgres))
    return engine


def stored(engine: Engine) -> set[UUID]:
    with Session(engine) as session:
        return set(session.scalars(select(Event.id)))


def put_aside(engine: Engine) -> list[tuple[UUID | None, str]]:
    with Session(engine) as session:
        return [(one.event_id, one.code) for one in session.scalars(select(Quarantine))]


def test_one_tap_is_refused_for_good_and_kept_once(picky: Engine, client: FlaskClient) -> None:
    for _ in range(2):
        answer = client.post("/api/v1/taps", json=BAD, headers=as_device("kiosk"))
        assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    registry = client.application.extensions["registry"]
    assert registry.get_sample_value("shelftalker_events_refused") == 2
    assert put_aside(picky) == [(UUID(str(BAD["tap_id"])), "refused")]
    with Session(picky) as session:
        assert '"language":"xx"' in session.scalars(select(Quarantine)).one().payload["written"]


def test_a_tap_is_sent_again_while_the_database_is_away(picky: Engine, client: FlaskClient) -> None:
    with picky.begin() as connection:
        connection.execute(text("ALTER TABLE event RENAME TO gone"))
    assert client.post("/api/v1/taps", json=BAD, headers=as_device("kiosk")).status_code == 503
    assert put_aside(picky) == []


def test_of_a_sources_batch_only_what_is_refused_is_failed(picky: Engine, sources: Flask) -> None:
    sent = batch(track(1), track(2, properties={"said": "xx"}), track(3))
    answer = sources.test_client().post("/v1/batch", json=sent, headers=STORE).get_json()
    assert answer["accepted"] == 2
    assert [(one["index"], one["code"]) for one in answer["rejected"]] == [(1, "refused")]
    with Session(picky) as session:
        assert set(session.scalars(select(Event.message_id))) == {"m1", "m3"}
        assert set(session.scalars(select(FailedEvent.message_id))) == {"m2"}


def test_an_erased_person_leaves_nothing_of_what_was_refused(
    picky: Engine, sources: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    bad = track(1, userId="mk7-customer", properties={"said": "xx", "note": "mk7-note"})
    sources.test_client().post("/v1/batch", json=batch(bad, track(2, userId="mk7-customer")), headers=STORE)
    assert "is refused for what it says" in caplog.text
    assert "mk7" not in caplog.text
    assert [code for _, code in put_aside(picky)] == ["refused"]
    with Session(picky) as session, session.begin():
        who, fresh = Id(IdKind.CUSTOMER, "mk7-customer"), lambda: UUID(int=9, version=4)
        forgetting.erase(
            session, who, Said("test", "asked", NOW), keys=PersonKeys({"2026": bytes(32)}), fresh_id=fresh
        )
    assert put_aside(picky) == []
    with Session(picky) as session:
        assert not session.scalars(select(FailedEvent)).all()
