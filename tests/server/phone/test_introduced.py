"""A shopper becomes a customer with the phone: only with the yes at the kiosk, and only as far as it is proven."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server.access.models import Audit
from server.db import Base
from server.timeline.consents.models import Choice
from server.timeline.models import Event, EventKind
from server.timeline.people import forgetting, queries
from server.timeline.people.hand_over import HandOver
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind
from server.timeline.people.queries import Said
from server.timeline.sources.models import Right
from server.timeline.sources.queries import add_source
from server.wire import CONSENT_TEXT
from tests.clock import NOW, FakeClock
from tests.server.phone.test_carrying_on import KIOSK, VISIT, shop
from tests.shopfloor import UIDS, as_device, tap

__all__ = ["shop"]

KEYS = PersonKeys({"k1": bytes(range(32))})
CARD, BAND, CUSTOMER = "2400 1234 5678", "04DDEEFF001122", Id(IdKind.CUSTOMER, "customer-one")
APP = {"X-Write-Key": "wk_app"}


@pytest.fixture
def chain(shop: Flask, engine: Engine) -> Flask:
    """The shop, with a card enrolled, an app that vouches and a page that may only write."""
    with Session(engine) as session, session.begin():
        for number, card in enumerate((CARD.replace(" ", ""), BAND)):
            ends = KEYS.hidden(Id(IdKind.CARD, card)), CUSTOMER
            queries.link(session, ends, Said("crm", "enrolled", NOW), link_id=UUID(int=900 + number, version=4))
        for name, rights in (("app", [Right.WRITE, Right.VOUCH]), ("page", [Right.WRITE])):
            add_source(session, name, channel="app", store_id=None, rights=rights, key=f"wk_{name}", now=NOW)
    return shop


def offer(chain: Flask, visit: str = VISIT, asks: str = "?asks_who=1") -> tuple[str, str]:
    """Return the API's path of a new offer, and its link."""
    asked = {"visit_id": visit}
    told = chain.test_client().post(f"/api/v1/hand-overs{asks}", json=asked, headers=KIOSK).json
    assert told
    return f"/api/v1/hand-overs/{told['hand_over_id']}", told["link"]


def redeem(chain: Flask, link: str, *, user: str = CUSTOMER.value, key: str = "wk_app") -> TestResponse:
    body = {"link": link, "user_id": user}
    return chain.test_client().post("/api/v1/hand-overs/redeem", json=body, headers={"X-Write-Key": key})


def typed(phone: FlaskClient, link: str, number: str) -> TestResponse:
    """Open the link and type a number in."""
    path = "/carry/" + link.rpartition("/carry/")[2]
    token = phone.get(path).get_data(as_text=True).split('name="csrf_token" value="')[-1].split('"')[0]
    return phone.post(path, data={"csrf_token": token, "number": number})


def say_yes(chain: Flask, path: str) -> TestResponse:
    kiosk = chain.test_client()
    sign = (kiosk.get(path, headers=KIOSK).json or {})["sign"]
    return kiosk.post(f"{path}/introduction", json={"sign": sign}, headers=KIOSK)


def choose(chain: Flask, number: int, *agreed: str, visit: str = VISIT) -> None:
    body: dict[str, Any] = {"choice_id": str(UUID(int=500 + number, version=4)), "visit_id": visit}
    body |= {"occurred_at": NOW.isoformat(), "agreed": agreed, "text_version": CONSENT_TEXT, "language": "es"}
    assert chain.test_client().post("/api/v1/visits/choices", json=body, headers=KIOSK).status_code == 204


def theirs(engine: Engine) -> set[str]:
    with Session(engine) as session:
        return set(map(str, queries.person_of(session, CUSTOMER).visits))


def test_an_app_lets_its_customer_be_known_after_two_yesses(chain: Flask, engine: Engine) -> None:
    path, link = offer(chain)
    told = redeem(chain, link).get_json()
    seen = chain.test_client().get(f"{path}?asks_who=1", headers=KIOSK).get_json()
    assert (seen["state"], seen["introduces"], seen["sign"]) == ("asked", "app", told["sign"])
    assert CUSTOMER.value not in str(seen)
    assert theirs(engine) == set()
    assert say_yes(chain, path).get_json() == say_yes(chain, path).get_json()
    assert say_yes(chain, path).get_json()["card"] == {"kind": "person", "agreed": [], "taken": False}
    assert theirs(engine) == set(), "who somebody is links nothing before they agree"
    choose(chain, 1, "service", "personalisation")
    assert theirs(engine) == {VISIT}
    got = chain.test_client().get(f"/api/v1/hand-overs/redeemed/{told['hand_over_id']}", headers=APP)
    assert got.get_json()["state"] == "carried"
    with Session(engine) as session:
        (event,) = session.scalars(select(Event).where(Event.kind == EventKind.CUSTOMER_INTRODUCED))
        assert (event.properties["by"], event.user_id, event.device_id) == ("app", None, "kiosk")
        (row,) = session.scalars(select(Audit).where(Audit.action == "people.introduce"))
        assert (row.after, CUSTOMER.value in str(row.subject)) == ({"source": "app"}, False)
    desk = chain.extensions["tap_desk"]
    assert desk.members.holder(UUID(VISIT)).member is True
    other = str(UUID(int=8, version=4))
    path, link = offer(chain, other)
    redeem(chain, link)
    assert say_yes(chain, path).get_json()["card"]["agreed"] == ["service", "personalisation"]
    assert theirs(engine) == {VISIT, other}


def test_a_typed_number_brings_the_member_but_nothing_of_what_is_known_of_them(
    chain: Flask, engine: Engine, clock: FakeClock
) -> None:
    earlier = str(UUID(int=8, version=4))
    card = tap(2, CARD.replace(" ", ""), visit_id=earlier)
    chain.test_client().post(
        "/api/v1/taps", json=card | {"uid": None, "uri": CARD.replace(" ", "")}, headers=KIOSK
    )
    path, link = offer(chain, earlier)
    redeem(chain, link)
    say_yes(chain, path)
    choose(chain, 1, "service", "personalisation", visit=earlier)
    clock.advance(1)
    path, link = offer(chain)
    phone = chain.test_client()
    assert typed(phone, link, CARD).location == "/carry/waiting"
    assert theirs(engine) == {earlier}
    assert say_yes(chain, path).get_json() == {
        "card": {"kind": "person", "agreed": [], "taken": False},
        "by": "number",
    }
    assert phone.get("/carry/waiting").location == "/carry"
    assert theirs(engine) == {earlier}, "what its holder agreed to is not agreed to here"
    choose(chain, 2, "service", "personalisation")
    assert theirs(engine) == {earlier, VISIT}
    holder = chain.extensions["tap_desk"].members.holder(UUID(VISIT))
    assert (holder.member, holder.past) == (True, ())
    assert chain.test_client().get(f"/api/v1/visits/{VISIT}/list", headers=KIOSK).get_json()["lines"] == []
    with Session(engine) as session:
        (kept,) = session.scalars(select(Choice).where(Choice.visit_id == UUID(VISIT)))
        assert (kept.card_id, kept.customer_id, kept.personalisation) == (None, None, False)
    clock.advance(1)
    choose(chain, 3)
    assert theirs(engine) == {earlier}


def test_a_no_with_the_app_holds_with_the_card(chain: Flask, engine: Engine, clock: FakeClock) -> None:
    first, third = (str(UUID(int=number, version=4)) for number in (9, 10))
    chain.test_client().post("/api/v1/taps", json=tap(3, BAND, visit_id=first), headers=KIOSK)
    choose(chain, 1, "service", "analytics", visit=first)
    clock.advance(1)
    path, link = offer(chain)
    redeem(chain, link)
    say_yes(chain, path)
    choose(chain, 2, "analytics")
    clock.advance(1)
    told = chain.test_client().post("/api/v1/taps", json=tap(4, BAND, visit_id=third), headers=KIOSK).get_json()
    assert told["card"]["agreed"] == ["analytics"]


@pytest.mark.parametrize("key", ["wk_page", "wk_nobody"])
def test_only_who_may_vouch_redeems_and_only_once(chain: Flask, key: str) -> None:
    path, link = offer(chain)
    assert redeem(chain, link, key=key).status_code in {401, 403}
    assert redeem(chain, link, user="0000").status_code == 422
    assert redeem(chain, link).status_code == 200
    assert redeem(chain, link).status_code == 409
    assert redeem(chain, link[:-3] + "abc").status_code == 404
    kiosk = chain.test_client()
    assert kiosk.post(f"{path}/introduction", json={"sign": "00"}, headers=KIOSK).status_code == 409
    other = kiosk.post(f"{path}/introduction", json={"sign": "00"}, headers=as_device("other"))
    assert other.status_code == 404


def test_a_no_and_the_time_leave_nobody_and_an_older_kiosk_is_asked_nothing(
    chain: Flask, engine: Engine, clock: FakeClock
) -> None:
    path, link = offer(chain)
    redeem(chain, link)
    sign = chain.test_client().get(path, headers=KIOSK).get_json()["sign"]
    no = {"sign": sign, "yes": False}
    assert chain.test_client().post(f"{path}/answer", json=no, headers=KIOSK).status_code == 204
    assert chain.test_client().post(f"{path}/introduction", json={"sign": sign}, headers=KIOSK).status_code == 409
    with Session(engine) as session:
        assert session.scalar(select(HandOver.customer_id)) is None
    path, link = offer(chain)
    redeem(chain, link)
    clock.advance(121)
    assert say_yes(chain, path).status_code == 409
    path, link = offer(chain, asks="")
    assert redeem(chain, link).status_code == 409
    assert "introduces" not in chain.test_client().get(path, headers=KIOSK).get_json()
    assert "number" not in chain.test_client().get("/carry/" + link.rpartition("/")[2]).get_data(as_text=True)


def test_few_numbers_are_tried_whichever_worker_is_asked(chain: Flask, engine: Engine) -> None:
    path, link = offer(chain)
    phone = chain.test_client()
    for _ in range(5):
        answer = typed(phone, link, "2400 0000 0000")
        assert (answer.status_code, "do not know this number" in answer.get_data(as_text=True)) == (422, True)
    assert "too often" in typed(phone, link, CARD).get_data(as_text=True)
    with Session(engine) as session, session.begin():
        assert session.scalar(select(HandOver.tries)) == 5
        session.get_one(HandOver, UUID(path.rpartition("/")[2])).tries = 16
    path, link = offer(chain)
    wrong = [typed(chain.test_client(), link, "2400 0000 0000").get_data(as_text=True) for _ in range(5)]
    assert ["too often" in one for one in wrong] == [False] * 4 + [True]


def test_nothing_of_it_is_left_of_who_was_erased(chain: Flask, engine: Engine) -> None:
    path, link = offer(chain)
    redeem(chain, link)
    say_yes(chain, path)
    choose(chain, 1, "service")
    offer(chain)
    numbers = iter(range(1, 99))
    with Session(engine) as session, session.begin():
        said = Said("test", "asked", NOW)
        forgetting.erase(session, CUSTOMER, said, keys=KEYS, fresh_id=lambda: UUID(int=next(numbers), version=4))
    with Session(engine) as session:
        rows = " ".join(str(session.execute(select(table)).all()) for table in Base.metadata.sorted_tables)
    assert CUSTOMER.value not in rows
    assert VISIT not in rows
    assert chain.test_client().post("/api/v1/taps", json=tap(9, UIDS["boot"]), headers=KIOSK).status_code == 200
