"""What a customer did in other channels counts at the kiosk where they agreed to it, and not otherwise."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.catalogue.models import Category, Price, Product, Stock, Variant
from server.recommendations.training import train
from server.timeline.models import Event, EventKind
from server.timeline.people import queries
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind
from server.timeline.people.queries import Said
from server.wire import CONSENT_TEXT
from tests.clock import NOW, FakeClock
from tests.server.recommendations.visits import visit
from tests.server.taps.test_louder import stocked
from tests.shopfloor import BOOT_38, as_device, tap

KEYS = PersonKeys({"k1": bytes(range(32))})
BAND = "04DDEEFF001122"
MUCH_TAPPED = ("lantern", "stove", "rope", "axe", "mug")
HISTORY = {"en": "Because of your earlier visits and orders", "es": "Por tus visitas y compras anteriores"}


@pytest.fixture
def shop(client: FlaskClient, engine: Engine) -> FlaskClient:
    """The small shop with more goods, visited and trained; a customer with a band ordered a tent on the web."""
    at = NOW - timedelta(days=5)
    with Session(engine) as session, session.begin():
        ends = KEYS.hidden(Id(IdKind.CARD, BAND)), Id(IdKind.CUSTOMER, "C1")
        queries.link(session, ends, Said("crm", "enrolled", NOW), link_id=UUID(int=900, version=4))
        for number, product in enumerate((*MUCH_TAPPED, "tent", "mat")):
            _stock(session, product, f"0200000001{number:04}")
        for number in range(40):
            visit(session, number, *MUCH_TAPPED[number % 4 :], at=at + timedelta(minutes=number))
        for number in range(40, 50):
            visit(session, number, "tent", "mat", at=at + timedelta(minutes=number))
        session.add(_ordered("C1", "tent"))
        session.flush()
        train(session, NOW)
    return client


def _stock(session: Session, product: str, gtin: str) -> None:
    words = {"en": product}  # nothing it shares with a boot: what is listed after one is not listed for likeness
    session.add(Category(id=product, name=words))
    session.flush()
    session.add(Product(id=product, category_id=product, brand=product, name=words, summary=words))
    session.flush()
    session.add(Variant(gtin=gtin, product_id=product, sku=gtin, position=1))
    session.flush()
    session.add(Price(store_id="MAD", gtin=gtin, applies_from=NOW - timedelta(days=90), minor=500))
    session.add(Stock(store_id="MAD", gtin=gtin, count=5, counted_at=NOW))


def _ordered(customer: str, product: str, **line: str) -> Event:
    at, order = NOW - timedelta(days=1), UUID(int=77)
    return Event(
        id=order,
        kind=EventKind.ORDER_COMPLETED,
        channel="web",
        user_id=customer,
        occurred_at=at,
        received_at=at,
        corrected_at=at,
        epoch=order,
        seq=0,
        payload_hash="",
        properties={"order_id": "1", "products": [{"product_id": product, **line}]},
    )


def reasons(client: FlaskClient, number: int, **more: object) -> dict[str, tuple[str, dict[str, str]]]:
    answer = client.post("/api/v1/taps", json=tap(number, **more), headers=as_device("kiosk"))
    return {one["product_id"]: (one["reason_kind"], one["reason"]) for one in answer.get_json()["goes_with"]}


def choose(client: FlaskClient, number: int, *agreed: str) -> None:
    body = {"choice_id": str(UUID(int=500 + number, version=4)), "visit_id": str(UUID(int=7, version=4))}
    told = {"occurred_at": NOW.isoformat(), "agreed": agreed, "text_version": CONSENT_TEXT, "language": "es"}
    answer = client.post("/api/v1/visits/choices", json=body | told, headers=as_device("kiosk"))
    assert answer.status_code == 204, answer.get_data(as_text=True)


def test_only_with_a_yes_to_it_an_order_in_the_web_shop_counts_and_the_tile_says_so(
    shop: FlaskClient, clock: FakeClock
) -> None:
    reasons(shop, 1, uid=BAND)
    for_a_stranger = reasons(shop, 2)
    assert not {"tent", "mat"} & set(for_a_stranger)
    for number, agreed in enumerate((("service",), ("service", "personalisation"), ("service",)), start=1):
        choose(shop, number, *agreed)
        clock.advance(1)
        found = reasons(shop, 2 + number)
        if "personalisation" in agreed:
            assert {one: found[one] for one in ("tent", "mat")} == dict.fromkeys(
                ("tent", "mat"), ("history", HISTORY)
            )
        else:
            assert found == for_a_stranger


def test_the_size_of_an_order_in_the_web_shop_is_said_with_a_yes_to_it_only(
    shop: FlaskClient, engine: Engine, clock: FakeClock
) -> None:
    with Session(engine) as session:
        stocked(session)
        order = _ordered("C1", "boot", sku=BOOT_38)
        order.id, order.properties = UUID(int=78), order.properties | {"order_id": "2"}
        session.add(order)
        train(session, NOW)
        session.commit()
    reasons(shop, 1, uid=BAND)
    told = {}
    for number, agreed in enumerate((("service",), ("service", "personalisation")), start=1):
        choose(shop, number, *agreed)
        clock.advance(61)
        told[agreed] = {one: kind for one, (kind, _) in reasons(shop, 2 + number).items() if kind == "usual_size"}
    assert list(told.values()) == [{}, {"shoe": "usual_size"}]
