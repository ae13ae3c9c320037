"""What a phone keeps of a visit stands on the visit's timeline, and is gone with its person and its time."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.errors import SettingsError
from server.settings import from_environment
from server.timeline.models import Event, EventKind
from server.timeline.people import forgetting, retention
from server.timeline.people.hand_over import HandOver
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind
from server.timeline.people.queries import Said
from tests.clock import NOW
from tests.server.phone.test_carrying_on import KIOSK, VISIT, answer, ask, offered, shop

__all__ = ["shop"]


@pytest.fixture
def phone(shop: Flask) -> FlaskClient:
    """A phone that carries on the visit, with socks on its list."""
    path, link = offered(shop)
    client = shop.test_client()
    ask(client, link)
    assert answer(shop, path, yes=True) == 204
    assert client.get("/carry/waiting").status_code == 303
    return client


def press(phone: FlaskClient, product: str, what: str) -> int:
    """Press a button of the list's page; return the status."""
    token = phone.get("/carry").get_data(as_text=True).split('name="csrf_token" value="')[-1].split('"')[0]
    return phone.post(f"/carry/products/{product}/{what}", data={"csrf_token": token}).status_code


def listed(phone: FlaskClient) -> set[str]:
    """Return what the page says stands on the list."""
    page = phone.get("/carry").get_data(as_text=True)
    return {product for product in ("boot", "sock", "lamp") if f"/carry/products/{product}/leave" in page}


def test_what_is_kept_and_let_go_stands_on_the_visits_timeline_once(phone: FlaskClient, engine: Engine) -> None:
    assert listed(phone) == {"sock"}
    assert [press(phone, "boot", what) for what in ("keep", "keep")] == [303, 303]
    assert listed(phone) == {"boot", "sock"}
    assert press(phone, "sock", "leave") == 303
    assert listed(phone) == {"boot"}
    assert press(phone, "sock", "keep") == 303
    assert press(phone, "lamp", "keep") == 404
    assert phone.post("/carry/products/boot/keep").status_code == 400
    with Session(engine) as session:
        told = session.execute(
            select(Event.kind, Event.product_id, Event.visit_id, Event.channel, Event.store_id)
            .where(Event.kind.contains("wishlist"))
            .order_by(Event.id)
        ).all()
    added, removed = EventKind.PRODUCT_ADDED_TO_WISHLIST, EventKind.PRODUCT_REMOVED_FROM_WISHLIST
    here = UUID(VISIT), "web", "MAD"
    assert sorted(map(tuple, told)) == sorted(
        [(added, "boot", *here), (removed, "sock", *here), (added, "sock", *here)]
    )


def test_no_page_a_phone_meets_is_the_consoles(phone: FlaskClient) -> None:
    pages = [phone.get(path) for path in ("/carry", "/carry/products/boot", "/carry/waiting", "/carry/nothing")]
    pages.append(phone.post("/carry/products/boot/keep"))
    pages += [phone.get("/carry") for _ in range(60)]
    assert {page.status_code for page in pages} == {200, 404, 400, 429}
    looks = {
        ("phone.css" in body, "console.css" in body) for body in (one.get_data(as_text=True) for one in pages)
    }
    assert looks == {(True, False)}


def test_a_phone_sees_nothing_of_who_was_erased(phone: FlaskClient, engine: Engine) -> None:
    numbers = iter(range(1, 99))
    with Session(engine) as session, session.begin():
        said, visit = Said("test", "asked", NOW), Id(IdKind.VISIT, VISIT)
        keys = PersonKeys({"k1": bytes(range(32))})
        forgetting.erase(session, visit, said, keys=keys, fresh_id=lambda: UUID(int=next(numbers), version=4))
    assert phone.get("/carry").status_code == 404
    with Session(engine) as session:
        assert session.scalars(select(HandOver)).all() == []


def test_the_purge_takes_hand_overs_whose_day_is_over_and_no_others(phone: FlaskClient, engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        [row] = session.scalars(select(HandOver))
        kept = row.id
        older = {column.key: getattr(row, column.key) for column in HandOver.__table__.c}
        older |= {"id": UUID(int=99, version=4), "offered_at": NOW - timedelta(hours=25)}
        hashes = {name: f"other {name}" for name in ("link_hash", "asker_hash", "phone_hash")}
        session.add(HandOver(**older | hashes))
    with Session(engine) as session, session.begin():
        assert retention.purge(session, NOW).gone["hand_over"] == 1
    with Session(engine) as session:
        assert [one.id for one in session.scalars(select(HandOver))] == [kept]


@pytest.mark.parametrize("written", ["shop.example", "ftp://shop.example", "https://", "https://shop.example/a"])
def test_a_public_address_that_is_none_is_refused_in_words(written: str) -> None:
    environment = {"SHELFTALKER_SECRET_KEY": "s" * 32}
    good = from_environment(environment | {"SHELFTALKER_PUBLIC_ADDRESS": "https://shop.example:8443/"})
    assert good.public_address == "https://shop.example:8443"
    with pytest.raises(SettingsError, match=r"as https://shop\.example"):
        from_environment(environment | {"SHELFTALKER_PUBLIC_ADDRESS": written})


def test_links_lead_to_where_phones_reach_the_server(shop: Flask) -> None:
    client = shop.test_client()
    asked = {"visit_id": VISIT}
    assert client.post("/api/v1/hand-overs", json=asked, headers=KIOSK).get_json()["link"].startswith("http://loc")
    house = shop.extensions["house"]
    object.__setattr__(house.settings, "public_address", "https://shop.example")
    link = client.post("/api/v1/hand-overs", json=asked, headers=KIOSK).get_json()["link"]
    assert link.startswith("https://shop.example/carry/")
