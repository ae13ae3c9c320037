"""What a customer did in other channels counts at the kiosk where they agreed to it, and not otherwise."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.timeline.models import Event, EventKind
from server.timeline.people import queries
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind
from server.timeline.people.queries import Said
from server.wire import CONSENT_TEXT
from tests.clock import NOW, FakeClock
from tests.shopfloor import as_device, tap

KEYS = PersonKeys({"k1": bytes(range(32))})
BAND = "04DDEEFF001122"


@pytest.fixture
def shop(client: FlaskClient, engine: Engine) -> FlaskClient:
    """The small shop; a customer with a band looked at socks in the web shop yesterday."""
    at = NOW - timedelta(days=1)
    web = UUID(int=77)
    with Session(engine) as session, session.begin():
        ends = KEYS.hidden(Id(IdKind.CARD, BAND)), Id(IdKind.CUSTOMER, "C1")
        queries.link(session, ends, Said("crm", "enrolled", NOW), link_id=UUID(int=900, version=4))
        session.add(
            Event(
                id=web,
                kind=EventKind.PRODUCT_VIEWED,
                channel="web",
                visit_id=UUID(int=78),
                user_id="C1",
                product_id="sock",
                occurred_at=at,
                received_at=at,
                corrected_at=at,
                epoch=web,
                seq=0,
                payload_hash="",
                properties={},
            )
        )
    return client


def tiles(client: FlaskClient, number: int, **more: object) -> list[str]:
    answer = client.post("/api/v1/taps", json=tap(number, **more), headers=as_device("kiosk"))
    return [tile["product_id"] for tile in answer.get_json()["goes_with"]]


def choose(client: FlaskClient, number: int, *agreed: str) -> None:
    body = {"choice_id": str(UUID(int=500 + number, version=4)), "visit_id": str(UUID(int=7, version=4))}
    told = {"occurred_at": NOW.isoformat(), "agreed": agreed, "text_version": CONSENT_TEXT, "language": "es"}
    answer = client.post("/api/v1/visits/choices", json=body | told, headers=as_device("kiosk"))
    assert answer.status_code == 204, answer.get_data(as_text=True)


def test_only_with_a_yes_to_it_the_web_shop_counts(shop: FlaskClient, clock: FakeClock) -> None:
    """What was seen in another channel is not suggested as new: so the answer tells whether it was used."""
    tiles(shop, 1, uid=BAND)
    assert tiles(shop, 2) == ["sock"]
    for number, agreed in enumerate((("service",), ("service", "personalisation"), ("service",)), start=1):
        choose(shop, number, *agreed)
        clock.advance(1)
        assert tiles(shop, 2 + number) == ([] if "personalisation" in agreed else ["sock"])
