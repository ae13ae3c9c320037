"""A NUL in a choice, a CloudEvent's header or a copy's version is no reason to send the same again for ever."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.timeline.models import Event
from tests.clock import NOW
from tests.shopfloor import as_device, tap

CHOICE = UUID(int=54, version=4)


@pytest.mark.parametrize("field", ["text_version", "language"])
def test_a_story_with_a_nul_is_stored(client: FlaskClient, engine: Engine, field: str) -> None:
    said = {"choice_id": str(CHOICE), "visit_id": str(CHOICE), "occurred_at": NOW.isoformat(), "yes": True}
    answer = client.post("/api/v1/visits/stories", json=said | {field: "e\0n"}, headers=as_device("kiosk"))
    assert answer.status_code == 204
    with Session(engine) as session:
        assert [one.properties[field] for one in session.scalars(select(Event))] == ["en"]


def test_a_cloud_event_with_nuls_in_its_headers_is_stored(sources: Flask, engine: Engine) -> None:
    told = {"ce-specversion": "1.0", "ce-id": "i%00d", "ce-source": "s%00", "ce-type": "t%00", "ce-more": "m%00"}
    headers = {**told, "X-Write-Key": "wk_store42", "Content-Type": "application/json"}
    answer = sources.test_client().post("/v1/cloudevents", data="{}", headers=headers)
    assert (answer.status_code, answer.get_json()["accepted"]) == (200, 1)
    with Session(engine) as session:
        assert [(one.message_id, one.name) for one in session.scalars(select(Event))] == [("id", "t")]


def showed(number: int, version: str) -> dict[str, object]:
    versions = dict.fromkeys(("catalogue", "prices", "promotions", "rules"), version)
    price: dict[str, Any] = {"product_id": "boot", "now": {"minor": 1, "currency": "EUR"}, "versions": versions}
    prices = [price | {"true_until": NOW.isoformat()}]
    return tap(number, showed={"at": NOW.isoformat(), "made_at": NOW.isoformat(), "revision": 0, "prices": prices})


def test_a_copy_of_an_impossible_version_refuses_its_own_tap_only(client: FlaskClient) -> None:
    sent = [showed(1, "v" * 33), showed(2, "v\0"), tap(3)]
    answer = client.post("/api/v1/taps/batch", json={"taps": sent}, headers=as_device("kiosk"))
    assert answer.status_code == 200
    assert [one["tap_id"] for one in answer.get_json()["refused"]] == [sent[0]["tap_id"]]
    assert set(answer.get_json()["accepted"]) == {sent[1]["tap_id"], sent[2]["tap_id"]}
