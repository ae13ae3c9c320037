"""A store that changes its clock or its money is another shop: its cards and their intervals are made anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.access.models import Store
from server.db import revision_of
from tests.clock import NOW
from tests.shopfloor import UIDS, as_device, tap

FIELDS = {
    "time_zone": ("America/New_York", {"MAD", "LON"}),
    "currency": ("USD", {"MAD"}),
    "locale": ("en_US", {"MAD"}),
    "region": ("north", {"MAD"}),
    "name": ("Madrid Centro", {"MAD", "LON"}),
    "hours": ({"week": []}, {"MAD", "LON"}),
}


def card(client: FlaskClient, number: int) -> dict[str, Any]:
    answer = client.post("/api/v1/taps", json=tap(number, UIDS["boot"]), headers=as_device("kiosk"))
    told: dict[str, Any] = answer.get_json()["card"]
    return told


def test_a_card_that_is_held_goes_with_the_stores_clock_and_money(client: FlaskClient, engine: Engine) -> None:
    before = card(client, 1)
    assert before["true_until"] == (NOW.replace(hour=23, minute=0) + timedelta(days=1)).isoformat().replace(
        "+00:00", "Z"
    )
    with Session(engine) as session, session.begin():
        session.get_one(Store, "MAD").time_zone = "America/New_York"
    after = card(client, 2)
    assert (after["true_from"], after["true_until"]) == ("2026-11-24T05:00:00Z", "2026-11-26T05:00:00Z")
    assert after["revision"] > before["revision"]
    with Session(engine) as session, session.begin():
        session.get_one(Store, "MAD").currency = "USD"
    assert card(client, 3)["price"]["now"]["currency"] == "USD"


@pytest.mark.parametrize("field", FIELDS)
def test_each_field_raises_the_revision_of_whom_it_concerns(
    client: FlaskClient, engine: Engine, field: str
) -> None:
    value, concerned = FIELDS[field]
    with Session(engine) as session:
        before = {store: revision_of(session, store) for store in ("MAD", "LON")}
    with Session(engine) as session, session.begin():
        setattr(session.get_one(Store, "MAD"), field, value)
    with Session(engine) as session, session.begin():
        after = {store: revision_of(session, store) for store in ("MAD", "LON")}
        setattr(session.get_one(Store, "MAD"), field, value)
    assert {store for store, number in after.items() if number > before[store]} == concerned
    with Session(engine) as session:
        assert {store: revision_of(session, store) for store in ("MAD", "LON")} == after, "the same is no change"
