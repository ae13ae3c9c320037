"""A card whose holder was erased is nobody's, and its UID stays nowhere: not even where a queue brings it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.db import Base
from server.timeline.models import Event
from server.timeline.people import forgetting, queries
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind
from server.timeline.people.queries import Said
from tests.clock import NOW
from tests.shopfloor import UIDS, as_device, tap

KEYS = PersonKeys({"k1": bytes(range(32))})
BAND, PLAIN = "04DDEEFF001122", "04DDEEFF009999"
WRITTEN = "https://cards.example/4004321"
CUSTOMER, SAID = Id(IdKind.CUSTOMER, "C1"), Said("crm", "enrolled", NOW)

Ids = Callable[[], UUID]


@pytest.fixture
def fresh() -> Ids:
    numbers = count(1000)
    return lambda: UUID(int=next(numbers), version=4)


def enrol(engine: Engine, card: str = BAND) -> None:
    with Session(engine) as session, session.begin():
        ends = KEYS.hidden(Id(IdKind.CARD, card)), CUSTOMER
        queries.link(session, ends, SAID, link_id=UUID(int=900, version=4))


def erase(engine: Engine, fresh: Ids) -> None:
    with Session(engine) as session, session.begin():
        forgetting.erase(session, CUSTOMER, SAID, keys=KEYS, fresh_id=fresh)


def sent(client: FlaskClient, *taps: dict[str, Any]) -> dict[str, Any]:
    told = [one | {"forgets": True} for one in taps]
    answer = client.post("/api/v1/taps/batch", json={"taps": told}, headers=as_device("kiosk"))
    body: dict[str, Any] = answer.get_json()
    return body


def rows(engine: Engine) -> str:
    """Return all that stands in the database, in words."""
    with Session(engine) as session:
        return " ".join(str(session.execute(select(table)).all()) for table in Base.metadata.sorted_tables)


@pytest.mark.parametrize("written", [None, WRITTEN])
def test_taps_still_queued_on_a_kiosk_arrive_as_nobodys_and_without_the_card(
    client: FlaskClient, engine: Engine, fresh: Ids, written: str | None
) -> None:
    enrol(engine, written or BAND)
    erase(engine, fresh)
    late = sent(client, tap(1, BAND, uri=written, age_ms=5000), tap(2, UIDS["boot"]), tap(3, PLAIN))
    assert set(late["accepted"]) == {tap(number)["tap_id"] for number in (1, 2, 3)}
    assert late["forget"] == [tap(1)["tap_id"]]
    left = rows(engine)
    assert (BAND in left, WRITTEN in left, PLAIN in left) == (False, False, True)
    with Session(engine) as session:
        kinds = {event.seq: event.kind for event in session.scalars(select(Event))}
        assert kinds == {1: "card_tapped", 2: "product_tapped", 3: "unknown_tag_tapped"}
        visit = Id(IdKind.VISIT, str(tap(1)["visit_id"]))
        assert queries.person_of(session, visit).ids == {visit}


def test_what_the_card_left_before_it_was_enrolled_goes_too(
    client: FlaskClient, engine: Engine, fresh: Ids
) -> None:
    sent(client, tap(1, BAND), tap(2, PLAIN))
    read = {"read_id": str(UUID(int=5, version=4)), "occurred_at": NOW.isoformat(), "uid": BAND, "outcome": "ok"}
    answer = client.post("/api/v1/desk/reads", json=read, headers=as_device("desk"))
    assert answer.status_code == 204, answer.get_data(as_text=True)
    enrol(engine)
    assert BAND in rows(engine)
    erase(engine, fresh)
    left = rows(engine)
    assert (BAND in left, PLAIN in left) == (False, True)


def test_a_card_given_to_somebody_anew_is_theirs(client: FlaskClient, engine: Engine, fresh: Ids) -> None:
    enrol(engine)
    erase(engine, fresh)
    body = tap(1, BAND)
    live = client.post("/api/v1/taps", json=body, headers=as_device("kiosk")).get_json()
    assert (live["card"]["kind"], "forget" in live) == ("unknown", False), "an older kiosk knows no such word"
    live = client.post("/api/v1/taps", json=body | {"forgets": True}, headers=as_device("kiosk")).get_json()
    assert (live["card"]["kind"], live["forget"]) == ("unknown", True)
    other = client.post("/api/v1/taps", json=tap(3, PLAIN, forgets=True), headers=as_device("kiosk")).get_json()
    assert (other["card"]["kind"], "forget" in other) == ("unknown", False)
    enrol(engine)
    live = client.post("/api/v1/taps", json=tap(2, BAND), headers=as_device("kiosk")).get_json()
    assert live["card"]["kind"] == "person"
