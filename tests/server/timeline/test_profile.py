"""A profile is worked out from the events alone: replayed in any order, with repeats, it is the same."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.timeline.models import Event, EventHour, EventKey, Outbox
from tests.clock import NOW


def told(number: int, event: str, days_ago: int, **properties: object) -> dict[str, Any]:
    return {
        **{"type": "track", "event": event, "messageId": f"m{number}", "userId": "ann", "properties": properties},
        "timestamp": (NOW - timedelta(days=days_ago)).isoformat(),
    }


HISTORY = [
    told(1, "Product Viewed", 90, product_id="boot", category="Shoes", size="39"),
    told(2, "Product Viewed", 80, product_id="boot", category="Shoes", size="40"),
    told(3, "Product Added", 79, product_id="sock", category="Socks", size="39"),
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
    assert first["favourite_products"] == ["boot", "sock"]
    assert first["favourite_categories"] == ["Shoes", "Socks"]
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
