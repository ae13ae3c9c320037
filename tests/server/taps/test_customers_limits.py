"""What a customer may have so often is counted by what the server knows of them, whatever a kiosk claims."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.access.models import Kiosk
from server.access.rules import key_hash
from server.promotions.models import Promotion
from server.promotions.saving import save
from server.timeline.people import queries
from server.timeline.people.models import Id, IdKind
from server.timeline.people.queries import Said
from tests.clock import NOW, FakeClock
from tests.server.taps.test_members import BAND, CUSTOMER, FIRST, KEYS, OTHER_BAND, SECOND, choose, tapped
from tests.shopfloor import SOCK, UIDS, as_device

THIRD = UUID(int=9, version=4)
GIFT = {"kind": "fixed_off", "amounts": {"EUR": 500}, "products": ["sock"], "limits": {"per_customer": 1}}


@pytest.fixture
def shop(client: FlaskClient, engine: Engine) -> Iterator[FlaskClient]:
    """The shop with a gift of which each customer may have one, and two bands of the same customer."""
    with Session(engine) as session, session.begin():
        another = {"store_id": "MAD", "name": "second", "kind": "kiosk", "created_at": NOW}
        session.add(Kiosk(id="second", key_hash=key_hash("stk_second"), **another))
        save(session, Promotion(id="gift", headline={"en": "Gift"}, rule=GIFT), now=NOW - timedelta(days=60))
        for number, band in enumerate((BAND, OTHER_BAND)):
            ends = KEYS.hidden(Id(IdKind.CARD, band)), CUSTOMER
            queries.link(session, ends, Said("crm", "enrolled", NOW), link_id=UUID(int=900 + number, version=4))
    return client


def hold(client: FlaskClient, number: int, visit: UUID | None, kiosk: str = "kiosk") -> tuple[list[str], str]:
    body = {"list_id": str(UUID(int=number, version=4)), "lines": [{"gtin": SOCK}]}
    body |= {"visit_id": str(visit)} if visit else {}
    said = client.post("/api/v1/lists/hold", json=body, headers={"Authorization": f"Bearer stk_{kiosk}"})
    assert said.status_code == 200, said.get_data(as_text=True)
    answer = said.get_json()
    return answer["held"], " ".join(one["words"]["en"] for one in answer["explained"])


def agree(client: FlaskClient, number: int, band: str, visit: UUID) -> None:
    tapped(client, number, band, visit)
    choose(client, number, "service", visit=visit)


def test_one_customer_has_one_gift_by_whichever_card_visit_or_kiosk(shop: FlaskClient, clock: FakeClock) -> None:
    assert hold(shop, 1, None) == ([], "For members, and the offer is yours.")
    tapped(shop, 1, BAND)
    assert hold(shop, 1, FIRST)[0] == [], "a card without a yes is nobody's"
    choose(shop, 1, "service")
    assert hold(shop, 1, FIRST) == (["gift"], "Applied: €5.00 less.")
    clock.advance(1)
    agree(shop, 2, OTHER_BAND, SECOND)
    assert hold(shop, 2, SECOND) == ([], "All of it has been given away.")
    given = shop.post(f"/api/v1/lists/{UUID(int=1, version=4)}/commit", headers=as_device("kiosk"))
    assert given.get_json() == {"given": 1}
    clock.advance(1)
    choose(shop, 3)  # the customer takes the first visit back, and agrees anew in another
    clock.advance(1)
    agree(shop, 4, BAND, THIRD)
    assert hold(shop, 3, THIRD) == ([], "All of it has been given away."), "what was given stays given"


def test_a_kiosk_that_lies_about_the_customer_gains_nothing(shop: FlaskClient, clock: FakeClock) -> None:
    agree(shop, 1, BAND, FIRST)
    assert hold(shop, 1, FIRST)[0] == ["gift"]
    claim = {"list_id": str(UUID(int=2)), "lines": [{"gtin": SOCK}], "customer": "somebody else"}
    refused = shop.post("/api/v1/lists/hold", json=claim, headers=as_device("kiosk"))
    assert refused.status_code == 422, "there is no word of the kiosk's to take"
    assert hold(shop, 3, SECOND)[0] == [], "a visit that never took place"
    tapped(shop, 2, UIDS["boot"], THIRD)
    assert hold(shop, 4, THIRD)[0] == [], "a visit of a stranger"
    assert hold(shop, 5, FIRST, kiosk="second")[0] == [], "a visit at another kiosk"


def test_a_customer_at_two_kiosks_at_once_has_one_gift(shop: FlaskClient, app: Flask, clock: FakeClock) -> None:
    for number, visit in enumerate((FIRST, SECOND, THIRD)):
        clock.advance(1)
        agree(shop, number + 1, BAND, visit)
    together = Barrier(3)

    def ask(number: int) -> list[str]:
        together.wait()
        return hold(app.test_client(), number, (FIRST, SECOND, THIRD)[number])[0]

    with ThreadPoolExecutor(3) as kiosks:
        assert sorted(kiosks.map(ask, range(3))) == [[], [], ["gift"]]
