"""A profile is worked out from the events alone: replayed in any order, with repeats, it is the same."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.timeline.consents.models import Choice, Introduction
from server.timeline.models import Event, EventHour, EventKey, Outbox
from server.timeline.people import queries
from server.timeline.people.models import Id, IdKind
from server.timeline.people.queries import Said
from server.wire import CONSENT_TEXT
from tests.clock import NOW
from tests.shopfloor import BOOT_39, UIDS, as_device, tap


def told(number: int, event: str, days_ago: int, **properties: object) -> dict[str, Any]:
    return {
        **{"type": "track", "event": event, "messageId": f"m{number}", "userId": "ann", "properties": properties},
        "timestamp": (NOW - timedelta(days=days_ago)).isoformat(),
    }


HISTORY = [
    told(1, "Product Viewed", 90, product_id="hat", category="Hats", size="39"),
    told(2, "Product Viewed", 80, product_id="hat", category="Hats", size="40"),
    told(3, "Product Added", 79, product_id="boot", category="Shoes", sku=BOOT_39, size="EU 39"),
    told(4, "Order Completed", 70, order_id="1", total=100, currency="EUR"),
    told(5, "Order Completed", 60, order_id="2", total=50.5, currency="eur"),
    told(6, "Order Completed", 50, order_id="3", total=999, currency="EUR"),
    told(7, "Order Refunded", 40, order_id="3", total=999),
    told(8, "Order Completed", 30, order_id="4", total=20, currency="GBP"),
    told(9, "Something Own", 20) | {"context": {"consent": {"personalisation": True}}},
    told(10, "Something Own", 10) | {"context": {"consent": {"personalisation": False}}},
]


def profile(app: Flask, messages: list[dict[str, Any]]) -> dict[str, Any]:
    client = app.test_client()
    for message in messages:
        assert (
            client.post("/v1/batch", json={"batch": [message]}, headers={"X-Write-Key": "wk_web"}).status_code
            == 200
        )
    answer = client.get("/api/v1/timeline/users/ann/profile", headers={"X-Write-Key": "rk_crm"})
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(answer.get_data())
    return found


def test_a_profile_says_what_the_timeline_says_and_a_replay_in_any_order_says_the_same(
    sources: Flask, engine: Engine
) -> None:
    first = profile(sources, HISTORY)
    assert first["kind"] == "regular"
    assert [order["order_id"] for order in first["purchases"]] == ["4", "2", "1"]
    assert first["average_spend"] == {"EUR": "75.25", "GBP": "20.00"}
    assert first["favourite_products"] == ["hat", "boot"]
    assert first["favourite_categories"] == ["Hats", "feet"]
    assert first["favourite_sizes"] == ["39", "40"]
    assert first["consents"] == {"personalisation": False}
    assert profile(sources, HISTORY) == first, "what comes twice changes nothing"
    with Session(engine) as session, session.begin():
        for table in (Event, EventKey, EventHour, Outbox):
            session.query(table).delete()
    again = [*HISTORY, *HISTORY]
    random.Random(4).shuffle(again)
    assert profile(sources, again) == first


def test_nobody_has_a_profile_of_nothing(sources: Flask) -> None:
    empty = profile(sources, [])
    assert (empty["kind"], empty["events"], empty["purchases"], empty["consents"]) == ("looking", {}, [], {})


def visit_at_the_kiosk(app: Flask, engine: Engine, number: int, *, analytics: bool) -> None:
    """Let ann, known by her card, tap a boot in a visit of her own."""
    visit, at = UUID(int=70 + number, version=4), NOW - timedelta(minutes=5)
    one, card = Id(IdKind.VISIT, str(visit)), Id(IdKind.CARD, "hashed")
    with Session(engine) as session, session.begin():
        for place, ends in enumerate(((one, card), (card, Id(IdKind.CUSTOMER, "ann")))):
            link_id = UUID(int=600 + 10 * number + place, version=4)
            queries.link(session, ends, Said("kiosk:kiosk", "agreed", at), link_id=link_id)
        session.add(Introduction(visit_id=visit, card_id="hashed", at=at))
        asked = {"text_version": CONSENT_TEXT, "language": "en", "device_id": "kiosk", "store_id": "MAD"}
        agreed = {"service": True, "analytics": analytics, "personalisation": False}
        chosen = {"id": UUID(int=80 + number, version=4), "card_id": "hashed", "chosen_at": at, "received_at": at}
        session.add(Choice(visit_id=visit, **chosen, **asked, **agreed))
    body = tap(number, UIDS["boot38"], visit_id=str(visit))
    assert app.test_client().post("/api/v1/taps", json=body, headers=as_device("kiosk")).status_code == 200


def test_a_visit_is_the_customers_and_counted_as_theirs_only_with_a_yes_to_statistics(
    sources: Flask, engine: Engine
) -> None:
    visit_at_the_kiosk(sources, engine, 1, analytics=False)
    visit_at_the_kiosk(sources, engine, 2, analytics=True)
    found = sources.test_client().get("/api/v1/timeline/users/ann", headers={"X-Write-Key": "rk_crm"}).get_json()
    assert {event["id"] for event in found["events"]} == {str(UUID(int=one, version=4)) for one in (1, 2)}
    mine = profile(sources, [])
    assert mine["events"] == {"product_tapped": 1}
    assert (mine["favourite_categories"], mine["favourite_sizes"]) == (["feet"], ["38"])
    with Session(engine) as session:
        assert [row.events for row in session.scalars(select(EventHour)) if row.kind == "product_tapped"] == [2]


def test_what_another_customer_did_in_a_visit_is_not_on_this_ones_timeline(sources: Flask, engine: Engine) -> None:
    visit_at_the_kiosk(sources, engine, 1, analytics=True)
    with Session(engine) as session, session.begin():
        row = session.scalars(select(Event)).one()
        row.user_id = "bob"
    found = sources.test_client().get("/api/v1/timeline/users/ann", headers={"X-Write-Key": "rk_crm"}).get_json()
    assert found["events"] == []
