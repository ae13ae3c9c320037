"""A shopper becomes a customer at the till, and chooses on the phone: nothing is linked before, a no undoes it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from kiosk import words
from kiosk.web import create_app
from server.phone import purposes
from server.phone.rules import plain
from server.timeline.models import Event, EventKind
from server.timeline.people import queries
from tests.clock import NOW, FakeClock
from tests.kiosk.pages.glass import StandIn
from tests.server.phone.test_carrying_on import KIOSK, VISIT, answer, ask, offered, shop
from tests.server.phone.test_introduced import CUSTOMER, chain, theirs

__all__ = ["chain", "shop"]


@pytest.fixture
def phone(chain: Flask) -> FlaskClient:
    """A phone that carries the visit on, which is over at the kiosk."""
    path, link = offered(chain)
    client = chain.test_client()
    ask(client, link)
    assert answer(chain, path, yes=True) == 204
    client.get("/carry/waiting")
    end = {"visit_id": VISIT, "occurred_at": NOW.isoformat(), "how": "done"}
    assert client.post("/api/v1/visits/ends", json=end, headers=KIOSK).status_code == 204
    return client


def press(phone: FlaskClient, path: str) -> str:
    """Press a button of the visit's page; return the page that comes."""
    token = phone.get("/carry").get_data(as_text=True).split('name="csrf_token" value="')[-1].split('"')[0]
    return phone.post(path, data={"csrf_token": token}, follow_redirects=True).get_data(as_text=True)


def at_till(phone: FlaskClient, code: str, user: str = CUSTOMER.value, key: str = "wk_app") -> int:
    body = {"code": code, "user_id": user}
    return phone.post("/api/v1/hand-overs/till", json=body, headers={"X-Write-Key": key}).status_code


def shown_code(page: str) -> str:
    return re.findall(r'class="sign code">([A-Z ]+)<', page)[0]


def test_the_till_says_who_and_the_phone_asks_what_for(
    phone: FlaskClient, engine: Engine, clock: FakeClock
) -> None:
    code = shown_code(press(phone, "/carry/till"))
    assert at_till(phone, code, key="wk_page") == 403
    assert at_till(phone, code.lower().replace(" ", "-")) == 204
    assert at_till(phone, code) == 409
    assert theirs(engine) == set(), "who somebody is links nothing before they agree"
    assert "Put this visit on my account" in press(phone, "/carry/choices/analytics/yes")
    assert theirs(engine) == set(), "nothing else holds without the visit"
    clock.advance(1)
    press(phone, "/carry/choices/service/yes")
    assert theirs(engine) == {VISIT}
    clock.advance(1)
    press(phone, "/carry/choices/service/no")
    assert theirs(engine) == set()
    with Session(engine) as session:
        told = {(event.kind, event.channel, event.user_id) for event in session.scalars(select(Event))}
        assert not queries.person_of(session, CUSTOMER).visits
    assert {(EventKind.CUSTOMER_INTRODUCED, "kiosk", None), (EventKind.CONSENT_CHOSEN, "web", None)} <= told


def test_a_code_ends_by_a_newer_one_and_with_its_time(phone: FlaskClient, clock: FakeClock) -> None:
    older, newer = (shown_code(press(phone, "/carry/till")) for _ in range(2))
    assert (at_till(phone, older), at_till(phone, "BBBB BBBB")) == (409, 404)
    assert phone.get(f"/carry/{plain(newer)}").status_code == 410
    clock.advance(600)
    assert at_till(phone, newer) == 409
    latest = shown_code(press(phone, "/carry/till"))
    assert at_till(phone, latest) == 204


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_phone_asks_in_the_words_of_the_kiosk(chain: Flask, tmp_path: object, language: str) -> None:
    screen = create_app(StandIn(tmp_path), port=1, secret="s")  # type: ignore[arg-type]  # pytest's path
    with chain.test_request_context(), force_locale(language):
        on_phone = purposes.asked()
    with screen.test_request_context(), force_locale(language):
        assert words.asked() == on_phone
