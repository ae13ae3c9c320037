"""What programs may ask about people: with the right to, once each, with receipts, and noted who asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server.access.models import Audit
from server.timeline.models import Event
from server.timeline.people.models import PersonRequest
from tests.clock import FakeClock

CARD, CUSTOMER = "card:4004321", "customer:Z9"


def ask(app: Flask, path: str, body: dict[str, Any] | None = None, *, key: str = "pk_desk") -> TestResponse:
    headers = {"Authorization": f"Bearer {key}"}
    client = app.test_client()
    where = f"/api/v1/people{path}"
    return client.get(where, headers=headers) if body is None else client.post(where, json=body, headers=headers)


def request(number: int, kind: str, id_: str = CUSTOMER) -> dict[str, Any]:
    return {"request_id": str(UUID(int=number, version=4)), "kind": kind, "id": id_}


def link(app: Flask, one: str, other: str, *, merge: bool = False) -> TestResponse:
    return ask(app, "/links", {"one": one, "other": other, "reason": "enrolled at the till", "merge": merge})


def bought(app: Flask, customer: str = "Z9") -> None:
    message = {"userId": customer, "messageId": f"m-{customer}", "event": "Product Viewed", "type": "track"}
    app.test_client().post("/v1/track", json=message, headers={"X-Write-Key": "wk_web"})


def audited(engine: Engine) -> list[tuple[str, str]]:
    with Session(engine) as session:
        rows = session.scalars(select(Audit).where(Audit.staff_id.is_(None)).order_by(Audit.id))
        return [(row.action, row.subject) for row in rows if row.after == {"source": "privacy"}]


ROUTES: list[tuple[str, dict[str, Any] | None]] = [
    ("/requests", request(1, "erase")),
    (f"/requests/{UUID(int=1)}", None),
    (f"/requests/{UUID(int=1)}/lift", {}),
    ("/links", {"one": CARD, "other": CUSTOMER, "reason": "x"}),
    ("/links/undo", {"link_id": str(UUID(int=1)), "reason": "x"}),
    ("/why", {"one": CARD, "other": CUSTOMER}),
]


@pytest.mark.parametrize(("path", "body"), ROUTES)
def test_who_may_not_is_told_so_in_problem_details(sources: Flask, path: str, body: dict[str, Any] | None) -> None:
    for key, status in (("none", 401), ("wk_store42", 403), ("rk_crm", 403)):
        answer = ask(sources, path, body, key=key)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_a_link_is_made_explained_and_undone_and_each_is_noted(
    sources: Flask, engine: Engine, clock: FakeClock
) -> None:
    made = link(sources, CARD, CUSTOMER).get_json()
    assert "4004321" not in str(made)
    way = ask(sources, "/why", {"one": CUSTOMER, "other": CARD}).get_json()["links"]
    assert [(one["link_id"], one["reason"], one["source"]) for one in way] == [
        (made["link_id"], "enrolled at the till", "source:privacy")
    ]
    assert link(sources, CARD, CUSTOMER).get_json() == made
    undo = {"link_id": made["link_id"], "reason": "the wrong card"}
    assert ask(sources, "/links/undo", undo).status_code == 204
    gone = ask(sources, "/why", {"one": CUSTOMER, "other": CARD})
    assert (gone.status_code, gone.mimetype) == (404, "application/problem+json")
    of = f"link:{made['link_id']}"
    assert audited(engine) == [
        ("people.link", of),
        ("timeline.read", CUSTOMER),
        ("people.link", of),
        ("people.unlink", of),
    ]


def test_two_customers_become_one_on_purpose_only(sources: Flask) -> None:
    assert link(sources, "customer:A1", "customer:B2").status_code == 409
    assert link(sources, "customer:A1", "customer:B2", merge=True).status_code == 200
    for wrong in ("customer:guest", "4711", "visit:today"):
        assert link(sources, wrong, CUSTOMER).status_code == 422


def test_a_copy_holds_what_there_is_and_the_look_is_noted(sources: Flask, engine: Engine) -> None:
    bought(sources)
    bought(sources, "somebody")
    link(sources, CARD, CUSTOMER)
    for number, kind in enumerate(("access", "export"), start=1):
        told = ask(sources, "/requests", request(number, kind, CARD)).get_json()
        assert told["held"]["name"] == CUSTOMER
        assert {event["user_id"] for event in told["held"]["events"]} == {"Z9"}
        kept = ask(sources, f"/requests/{told['request_id']}").get_json()
        assert kept == told | {"held": None}
    assert audited(engine).count(("timeline.read", CUSTOMER)) == 2


def test_an_erasure_sent_twice_has_one_receipt_and_leaves_no_name_in_the_audit(
    sources: Flask, engine: Engine, clock: FakeClock
) -> None:
    bought(sources)
    link(sources, CARD, CUSTOMER)
    ask(sources, "/why", {"one": CUSTOMER, "other": CARD})
    first = ask(sources, "/requests", request(1, "erase")).get_json()
    assert (first["counts"]["event"], first["counts"]["person_link"]) == (1, 1)
    clock.advance(60)
    assert ask(sources, "/requests", request(1, "erase")).get_json() == first
    assert ask(sources, "/requests", request(1, "erase", "customer:other")).status_code == 409
    assert ask(sources, "/requests", request(1, "export")).status_code == 409
    with Session(engine) as session:
        assert {receipt.id for receipt in session.scalars(select(PersonRequest))} == {UUID(int=1, version=4)}
        assert set(session.scalars(select(Event.user_id))) == {None}
        assert not [row for row in session.scalars(select(Audit)) if "Z9" in f"{row.subject}{row.after}"]


@pytest.mark.parametrize("kind", ["restrict", "object"])
def test_what_was_restricted_is_so_until_it_is_lifted(sources: Flask, kind: str) -> None:
    told = ask(sources, "/requests", request(1, kind)).get_json()
    assert (told["kind"], told["held"], told["lifted_at"]) == (kind, None, None)
    assert ask(sources, f"/requests/{told['request_id']}/lift", {}).status_code == 204
    assert ask(sources, f"/requests/{told['request_id']}").get_json()["lifted_at"]
    ask(sources, "/requests", request(2, "erase"))
    assert ask(sources, f"/requests/{UUID(int=2, version=4)}/lift", {}).status_code == 404
