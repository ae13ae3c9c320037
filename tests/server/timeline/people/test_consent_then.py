"""Every event of our own says what had been agreed to when it happened, whenever it is told of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.timeline.models import Event
from server.timeline.people import queries
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind
from server.timeline.people.queries import Said
from server.wire import CONSENT_TEXT, PURPOSES
from tests.clock import NOW, FakeClock
from tests.shopfloor import UIDS, as_device, tap

BAND = "04DDEEFF001122"
FIRST, SECOND = UUID(int=7, version=4), UUID(int=8, version=4)


@pytest.fixture
def shop(client: FlaskClient, engine: Engine) -> FlaskClient:
    """The shop, with a customer's band."""
    keys = PersonKeys({"k1": bytes(range(32))})
    with Session(engine) as session, session.begin():
        ends = keys.hidden(Id(IdKind.CARD, BAND)), Id(IdKind.CUSTOMER, "C1")
        queries.link(session, ends, Said("crm", "enrolled", NOW), link_id=UUID(int=900, version=4))
    return client


def sent(client: FlaskClient, path: str, body: dict[str, Any]) -> None:
    answer = client.post(path, json=body, headers=as_device("kiosk"))
    assert answer.status_code < 300, answer.get_data(as_text=True)


def choose(client: FlaskClient, number: int, *agreed: str, clock: FakeClock, **more: object) -> None:
    body = {"choice_id": str(UUID(int=500 + number, version=4)), "visit_id": str(FIRST), "agreed": agreed}
    sent(client, "/api/v1/visits/choices", {"occurred_at": clock().isoformat(), **body, **more})


def said(engine: Engine) -> dict[int, tuple[str, ...]]:
    """Return for each event, by the number in its id, the purposes it says were agreed to."""
    with Session(engine) as session:
        rows = [(row.id.int & 0xFFF, row.consent) for row in session.scalars(select(Event))]
    assert all(consent is not None and set(PURPOSES) <= set(consent) for _, consent in rows)
    return {number: tuple(p for p in PURPOSES if (consent or {})[p]) for number, consent in rows}


def test_an_event_says_what_held_at_its_moment_and_goes_on_saying_it(
    shop: FlaskClient, engine: Engine, clock: FakeClock
) -> None:
    sent(shop, "/api/v1/taps", tap(1, UIDS["boot"], at=clock()))
    clock.advance(10)
    sent(shop, "/api/v1/taps", tap(2, BAND, at=clock()))
    clock.advance(10)
    choose(shop, 1, "service", "analytics", clock=clock)
    clock.advance(10)
    sent(shop, "/api/v1/taps", tap(3, UIDS["boot"], at=clock()))
    call = {"call_id": str(UUID(int=4, version=4)), "visit_id": str(FIRST), "occurred_at": clock().isoformat()}
    sent(shop, "/api/v1/calls", call)
    clock.advance(10)
    choose(shop, 2, clock=clock)
    clock.advance(10)
    sent(shop, "/api/v1/taps", tap(5, UIDS["boot"], at=clock()))
    agreed = ("service", "analytics")
    assert said(engine) == {1: (), 2: (), 501: agreed, 3: agreed, 4: agreed, 502: (), 5: ()}


def test_what_waited_on_the_kiosk_says_what_held_when_it_happened(
    shop: FlaskClient, engine: Engine, clock: FakeClock
) -> None:
    sent(shop, "/api/v1/taps", tap(1, BAND, at=clock()))
    clock.advance(60)
    choose(shop, 1, "service", clock=clock)
    clock.advance(60)
    choose(shop, 2, clock=clock, occurred_at="2001-01-01T00:00:00+00:00", age_ms=30_000)
    late = [tap(10 + n, UIDS["boot"], at=NOW + timedelta(seconds=at)) for n, at in enumerate((30, 75, 100))]
    waited = [one | {"age_ms": (120 - at) * 1000} for one, at in zip(late, (30, 75, 100), strict=True)]
    sent(shop, "/api/v1/taps/batch", {"taps": waited})
    assert said(engine) == {1: (), 501: ("service",), 502: (), 10: (), 11: ("service",), 12: ()}


def test_a_yes_of_an_earlier_visit_holds_from_the_tap_of_the_card_on(
    shop: FlaskClient, engine: Engine, clock: FakeClock
) -> None:
    sent(shop, "/api/v1/taps", tap(1, BAND, at=clock()))
    choose(shop, 1, "service", "personalisation", clock=clock)
    clock.advance(3600)
    for number, uid in ((2, UIDS["boot"]), (3, BAND), (4, UIDS["boot"])):
        clock.advance(10)
        sent(shop, "/api/v1/taps", tap(number, uid, at=clock(), visit_id=str(SECOND)))
    held = said(engine)
    assert (held[2], held[3], held[4]) == ((), (), ("service", "personalisation"))
    with Session(engine) as session:
        versions = {row.seq: (row.consent or {}).get("v") for row in session.scalars(select(Event))}
    assert (versions[3], versions[4]) == (None, CONSENT_TEXT)
