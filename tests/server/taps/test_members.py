"""A card tapped at the kiosk: nothing of it is kept, nothing is linked without a yes, a no costs nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.access.models import Audit
from server.access.rules import Device
from server.db import Base
from server.promotions.models import Promotion
from server.promotions.saving import save
from server.tags.models import UnknownTag
from server.taps.answering import Taken, TapDesk
from server.taps.memory import NotAtHand
from server.timeline.consents.models import Choice
from server.timeline.models import Event
from server.timeline.people import forgetting, queries
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.looking import LOOKED
from server.timeline.people.models import Id, IdKind
from server.timeline.people.queries import Said
from server.timeline.sources.models import Right
from server.timeline.sources.queries import add_source
from server.wire import CONSENT_TEXT, Tap, TapAnswer
from tests.clock import NOW, FakeClock
from tests.shopfloor import SOCK, UIDS, as_device, sign_in, tap

KEYS = PersonKeys({"k1": bytes(range(32))})
BAND, OTHER_BAND = "04DDEEFF001122", "04DDEEFF001133"
CUSTOMER = Id(IdKind.CUSTOMER, "customer-one")
KIOSK = Device("kiosk", "MAD", "kiosk", "Kiosk")
FIRST, SECOND = UUID(int=7, version=4), UUID(int=8, version=4)


@pytest.fixture
def shop(client: FlaskClient, engine: Engine) -> FlaskClient:
    """The shop, with two bands enrolled."""
    with Session(engine) as session, session.begin():
        for number, (band, customer) in enumerate(
            ((BAND, CUSTOMER), (OTHER_BAND, Id(IdKind.CUSTOMER, "customer-two")))
        ):
            ends = KEYS.hidden(Id(IdKind.CARD, band)), customer
            queries.link(session, ends, Said("crm", "enrolled", NOW), link_id=UUID(int=900 + number, version=4))
    return client


def tapped(client: FlaskClient, number: int, uid: str, visit: UUID = FIRST) -> TapAnswer:
    body = tap(number, uid, visit_id=str(visit))
    answer = client.post("/api/v1/taps", json=body, headers=as_device("kiosk"))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return TapAnswer.model_validate_json(answer.data)


def choose(client: FlaskClient, number: int, *agreed: str, visit: UUID = FIRST, status: int = 204) -> None:
    body: dict[str, Any] = {"choice_id": str(UUID(int=500 + number, version=4)), "visit_id": str(visit)}
    body |= {"occurred_at": NOW.isoformat(), "agreed": agreed, "text_version": CONSENT_TEXT, "language": "es"}
    answer = client.post("/api/v1/visits/choices", json=body, headers=as_device("kiosk"))
    assert answer.status_code == status, answer.get_data(as_text=True)


def share(client: FlaskClient, visit: UUID) -> None:
    body = {"choice_id": str(UUID(int=700, version=4)), "visit_id": str(visit), "occurred_at": NOW.isoformat()}
    answer = client.post("/api/v1/visits/stories", json=body | {"yes": True}, headers=as_device("kiosk"))
    assert answer.status_code == 204, answer.get_data(as_text=True)


def visits_of_customer(engine: Engine) -> set[UUID]:
    with Session(engine) as session:
        return set(queries.person_of(session, CUSTOMER).visits)


def test_only_a_yes_makes_the_visit_the_customers_and_a_no_takes_it_back(
    shop: FlaskClient, engine: Engine, clock: FakeClock
) -> None:
    tapped(shop, 1, UIDS["boot"])
    asked = tapped(shop, 2, BAND).card
    assert (asked.kind, asked.agreed, asked.taken) == ("person", (), False)
    assert visits_of_customer(engine) == set()
    assert tapped(shop, 3, UIDS["boot"]).member is False
    choose(shop, 1)
    assert visits_of_customer(engine) == set()
    with Session(engine) as session:
        assert [row.card_id for row in session.scalars(select(Choice))] == [None]
    clock.advance(1)
    choose(shop, 2, "service")
    choose(shop, 2, "service")
    assert visits_of_customer(engine) == {FIRST}
    assert tapped(shop, 4, UIDS["boot"]).member is True
    clock.advance(1)
    choose(shop, 3)
    assert visits_of_customer(engine) == set()
    assert tapped(shop, 5, UIDS["boot"]).member is False
    assert tapped(shop, 6, BAND, SECOND).card.agreed == ()
    assert visits_of_customer(engine) == set()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_the_event_loop_tells_strangers_at_once_and_leaves_who_was_introduced_to_a_thread(
    shop: FlaskClient, engine: Engine
) -> None:
    desk: TapDesk = shop.application.extensions["tap_desk"]

    def taken(number: int) -> Taken:
        one = desk.take_in([Tap.model_validate(tap(number, UIDS["boot"], visit_id=str(FIRST)))], KIOSK)
        desk.settle(one, desk.writer.write(one.entries))
        return one

    first = taken(1)
    answer = desk.tell(first)  # in a thread; what it read is in memory from now on
    assert desk.at_hand().tell(first) == answer
    tapped(shop, 2, BAND)
    assert not TapAnswer.model_validate_json(desk.tell(taken(3))).member  # introduced, but no yes
    with pytest.raises(NotAtHand):
        desk.at_hand().tell(taken(4))


def test_the_next_visit_remembers_a_yes_and_suggests_from_the_last_one(
    shop: FlaskClient, engine: Engine, clock: FakeClock
) -> None:
    tapped(shop, 1, BAND)
    choose(shop, 1, "service", "personalisation")
    clock.advance(1)
    tapped(shop, 2, UIDS["boot"])
    assert tapped(shop, 3, BAND, SECOND).card.agreed == ("service", "personalisation")
    assert visits_of_customer(engine) == {FIRST, SECOND}
    desk = shop.application.extensions["tap_desk"]
    desk = shop.application.extensions["tap_desk"]
    assert [(one.product_id, one.channel) for one in desk.members.holder(SECOND).past] == [("boot", "kiosk")]


def test_a_kiosk_that_knows_how_is_told_which_waiting_taps_were_cards(shop: FlaskClient) -> None:
    def sent(*taps: dict[str, Any]) -> dict[str, Any]:
        answer = shop.post("/api/v1/taps/batch", json={"taps": list(taps)}, headers=as_device("kiosk"))
        told: dict[str, Any] = answer.get_json()
        return told

    card, product = tap(1, BAND), tap(2, UIDS["boot"])
    assert "forget" not in sent(card, product)
    again = sent(card | {"forgets": True}, product | {"forgets": True})
    assert again["forget"] == [card["tap_id"]]
    assert set(again["duplicates"]) == {card["tap_id"], product["tap_id"]}


def listed(client: FlaskClient, visit: UUID = FIRST) -> int:
    body = {"list_id": str(UUID(int=77, version=4)), "lines": [{"gtin": SOCK}], "visit_id": str(visit)}
    said = client.post("/api/v1/lists/price", json=body, headers=as_device("kiosk"))
    assert said.status_code == 200, said.get_data(as_text=True)
    total: int = said.get_json()["total"]["minor"]
    return total


@pytest.mark.parametrize(
    "rule",
    [
        {"percent": 50, "segments": ["members"]},
        {"percent": 50, "on": "list", "conditions": [{"kind": "nth_order", "number": 2}]},
    ],
)
def test_a_list_is_a_members_and_counts_their_orders_only_with_a_yes(
    shop: FlaskClient, engine: Engine, rule: dict[str, Any]
) -> None:
    whole = {"kind": "percent", "products": ["sock"]} | rule
    bought = {"type": "track", "event": "Order Completed", "messageId": "m", "userId": "customer-one"}
    bought |= {"properties": {"order_id": "1", "total": 9, "currency": "EUR"}}
    with Session(engine) as session, session.begin():
        save(session, Promotion(id="theirs", headline={"en": "Yours"}, rule=whole), now=NOW - timedelta(days=60))
        add_source(
            session, "web", channel="web", store_id=None, rights=[Right.WRITE, Right.VOUCH], key="wk", now=NOW
        )
    assert shop.post("/v1/track", json=bought, headers={"X-Write-Key": "wk"}).status_code == 200
    tapped(shop, 1, BAND)
    assert listed(shop) == 900
    choose(shop, 1, "service")
    assert listed(shop) == 450
    assert listed(shop, SECOND) == 900
    choose(shop, 2)
    assert listed(shop) == 900


def test_nothing_of_a_card_is_kept_as_it_is(shop: FlaskClient, engine: Engine, tmp_path: Path) -> None:
    tapped(shop, 1, BAND)
    choose(shop, 1, "service")
    waited = shop.post("/api/v1/taps/batch", json={"taps": [tap(9, BAND)]}, headers=as_device("kiosk"))
    assert waited.get_json()["accepted"]
    with Session(engine) as session:
        rows = [str(session.execute(select(table)).all()) for table in Base.metadata.sorted_tables]
        assert not [row for row in rows if BAND in row]
        assert not session.scalars(select(UnknownTag)).all()
        assert {event.kind for event in session.scalars(select(Event))} == {"card_tapped", "consent_chosen"}


def test_a_visit_belongs_to_one_person(shop: FlaskClient, engine: Engine) -> None:
    tapped(shop, 1, BAND)
    choose(shop, 1, "service")
    assert tapped(shop, 2, OTHER_BAND).card.taken is True
    assert visits_of_customer(engine) == {FIRST}
    choose(shop, 2, "service", visit=SECOND, status=409)


def test_each_look_at_a_customers_visit_is_noted(shop: FlaskClient, engine: Engine) -> None:
    tapped(shop, 1, UIDS["boot"], SECOND)
    tapped(shop, 2, BAND)
    choose(shop, 1, "service")
    sign_in(shop, "associate")
    for visit in (FIRST, SECOND):
        assert shop.get(f"/manage/MAD/visits/{visit}").status_code == 409
    share(shop, FIRST)
    assert "Each look is noted" in shop.get(f"/manage/MAD/visits/{FIRST}").get_data(as_text=True)
    with Session(engine) as session:
        (look,) = session.scalars(select(Audit).where(Audit.action == LOOKED))
        assert (look.staff_id, look.store_id, look.subject) == ("associate", "MAD", "customer:customer-one")


def test_the_erased_are_strangers_with_the_same_card(shop: FlaskClient, engine: Engine) -> None:
    tapped(shop, 1, BAND)
    choose(shop, 1, "service")
    sign_in(shop, "associate")
    share(shop, FIRST)
    assert shop.get(f"/manage/MAD/visits/{FIRST}").status_code == 200
    numbers = iter(range(1, 99))
    with Session(engine) as session, session.begin():
        said = Said("test", "asked", NOW)
        forgetting.erase(session, CUSTOMER, said, keys=KEYS, fresh_id=lambda: UUID(int=next(numbers), version=4))
    hashed = KEYS.hidden(Id(IdKind.CARD, BAND)).value
    with Session(engine) as session:
        rows = [str(session.execute(select(table)).all()) for table in Base.metadata.sorted_tables]
    assert not [row for row in rows if hashed in row or CUSTOMER.value in row]
    assert tapped(shop, 3, BAND, SECOND).card.kind == "unknown"
