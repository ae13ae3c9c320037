"""A program's look at a customer is noted, and what a customer forbids is not done, on every way to it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.access.models import Audit
from server.promotions.models import Promotion
from server.promotions.saving import save
from server.timeline.consents.models import Choice, Introduction
from server.timeline.people import queries
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.looking import LOOKED
from server.timeline.people.models import Id, IdKind
from server.timeline.people.queries import Said
from server.wire import CONSENT_TEXT
from tests.clock import NOW
from tests.shopfloor import SOCK, UIDS, as_device, tap

VISIT = UUID(int=7, version=4)
READ, DESK = {"X-Write-Key": "rk_crm"}, {"X-Write-Key": "pk_desk"}
TIMELINE = "/api/v1/timeline/users/ann"


@pytest.fixture
def known(sources: Flask, engine: Engine) -> Flask:
    """The shop, in which ann has agreed to everything with her card."""
    card = PersonKeys({"k1": bytes(range(32))}).hidden(Id(IdKind.CARD, "4004321"))
    agreed = {"service": True, "analytics": True, "personalisation": True}
    words = {"text_version": CONSENT_TEXT, "language": "en", "device_id": "kiosk", "store_id": "MAD"}
    with Session(engine) as session, session.begin():
        for number, other in enumerate((Id(IdKind.CUSTOMER, "ann"), Id(IdKind.VISIT, str(VISIT)))):
            link_id = UUID(int=600 + number, version=4)
            queries.link(session, (card, other), Said("crm", "agreed", NOW), link_id=link_id)
        session.add(Introduction(visit_id=VISIT, card_id=card.value, at=NOW))
        of = {"id": UUID(int=80, version=4), "visit_id": VISIT, "card_id": card.value}
        session.add(Choice(**of, chosen_at=NOW, received_at=NOW, **words, **agreed))
    return sources


def asked(app: Flask, number: int, kind: str) -> str:
    body = {"request_id": str(UUID(int=number, version=4)), "kind": kind, "id": "customer:ann"}
    answer = app.test_client().post("/api/v1/people/requests", json=body, headers=DESK)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return f"/api/v1/people/requests/{body['request_id']}/lift"


def statuses(app: Flask) -> tuple[int, int]:
    client = app.test_client()
    paths = (TIMELINE, f"{TIMELINE}/profile")
    one, other = (client.get(path, headers=READ).status_code for path in paths)
    return one, other


def member(app: Flask, number: int) -> bool:
    answer = app.test_client().post("/api/v1/taps", json=tap(number, UIDS["boot"]), headers=as_device("kiosk"))
    return bool(answer.get_json()["member"])


def test_an_objection_forbids_a_profile_and_a_restriction_every_use_until_they_are_lifted(known: Flask) -> None:
    assert (statuses(known), member(known, 1)) == ((200, 200), True)
    lift = asked(known, 1, "object")
    assert (statuses(known), member(known, 2)) == ((200, 409), True)
    assert "objected" in known.test_client().get(f"{TIMELINE}/profile", headers=READ).get_json()["detail"]
    assert known.test_client().post(lift, json={}, headers=DESK).status_code == 204
    lift = asked(known, 2, "restrict")
    assert (statuses(known), member(known, 3)) == ((409, 409), False)
    assert known.test_client().post(lift, json={}, headers=DESK).status_code == 204
    assert (statuses(known), member(known, 4)) == ((200, 200), True)


def test_whoever_restricted_the_use_is_a_stranger_to_prices_too(known: Flask, engine: Engine) -> None:
    gift = {"kind": "fixed_off", "amounts": {"EUR": 500}, "products": ["sock"], "limits": {"per_customer": 1}}
    with Session(engine) as session, session.begin():
        save(session, Promotion(id="gift", headline={"en": "Gift"}, rule=gift), now=NOW - timedelta(days=60))
    assert member(known, 1)
    assert words_of(known) == "Applied: €5.00 less."
    lift = asked(known, 1, "restrict")
    assert words_of(known) == "For members, and the offer is yours."
    assert known.test_client().post(lift, json={}, headers=DESK).status_code == 204
    assert words_of(known) == "Applied: €5.00 less."


def words_of(app: Flask) -> str:
    body = {"list_id": str(UUID(int=1, version=4)), "lines": [{"gtin": SOCK}], "visit_id": str(VISIT)}
    said = app.test_client().post("/api/v1/lists/price", json=body, headers=as_device("kiosk"))
    return str(said.get_json()["explained"][0]["words"]["en"])


def test_each_look_of_a_program_is_noted_before_it_sees_anything(known: Flask, engine: Engine) -> None:
    statuses(known)
    known.test_client().get(f"/api/v1/timeline/users/{'x' * 250}", headers=READ)
    known.test_client().get(TIMELINE, headers={"X-Write-Key": "wk_web"})
    with Session(engine) as session:
        rows = session.scalars(select(Audit).where(Audit.action == LOOKED).order_by(Audit.id))
        looks = [(row.subject, row.after) for row in rows]
    assert looks == [("customer:ann", {"source": "crm"})] * 2 + [(f"customer:{'x' * 191}", {"source": "crm"})]
