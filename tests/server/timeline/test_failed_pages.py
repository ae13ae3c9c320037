"""The operator's pages of what did not fit: seen, put right without losing a word, tried again."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.access.models import Audit
from server.timeline.failed.pages import MOST
from server.timeline.models import Event, FailedEvent
from tests.browsing import running, violations
from tests.server.consoles.test_console_pages import signed_in
from tests.shopfloor import sign_in

GOOD = {
    "type": "track",
    "event": "Product Viewed",
    "messageId": "m1",
    "anonymousId": "a",
    "properties": {"price": 9},
}
BAD = {**GOOD, "properties": {"price": "much"}}
LIST = "/operate/failed-events"


@pytest.fixture
def operator(sources: Flask) -> FlaskClient:
    client = sources.test_client()
    sent = client.post("/v1/batch", json={"batch": [BAD]}, headers={"X-Write-Key": "wk_web"})
    assert sent.status_code == 200
    sign_in(client, "operator")
    return client


def only(engine: Engine) -> UUID:
    with Session(engine) as session:
        return session.scalars(select(FailedEvent.id)).one()


def token(client: FlaskClient) -> str:
    return client.get(LIST).get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]


def test_what_still_does_not_fit_stays_in_the_form_and_nothing_of_it_is_lost(
    operator: FlaskClient, engine: Engine
) -> None:
    where = f"{LIST}/{only(engine)}"
    for written, reason in (("{ my draft", "JSON"), ("[]", "braces"), (json.dumps(BAD), "price")):
        answer = operator.post(where, data={"message": written, "csrf_token": token(operator)})
        assert answer.status_code == 422
        shown = answer.get_data(as_text=True)
        assert reason in shown
        assert written.replace('"', "&#34;") in shown
    with Session(engine) as session:
        assert list(session.scalars(select(Event.id))) == []


def test_a_message_put_right_is_on_the_timeline_and_who_looked_and_repaired_is_noted(
    operator: FlaskClient, engine: Engine
) -> None:
    failed = only(engine)
    assert "much" in operator.get(f"{LIST}/{failed}").get_data(as_text=True)
    answer = operator.post(f"{LIST}/{failed}", data={"message": json.dumps(GOOD), "csrf_token": token(operator)})
    assert (answer.status_code, answer.headers["Location"]) == (303, LIST)
    assert "m1" not in operator.get(LIST).get_data(as_text=True)
    with Session(engine) as session:
        assert session.scalars(select(Event.message_id)).all() == ["m1"]
        done = {
            (row.staff_id, row.action)
            for row in session.scalars(select(Audit).where(Audit.subject == str(failed)))
        }
    assert done == {("operator", "failed-event.read"), ("operator", "failed-event.repair")}


def test_trying_all_again_says_how_many_went(operator: FlaskClient, engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        row = session.get(FailedEvent, only(engine))
        assert row is not None
        row.message = GOOD  # as if a newer version understood it
    operator.post("/v1/batch", json={"batch": [{**BAD, "messageId": "m2"}]}, headers={"X-Write-Key": "wk_web"})
    shown = operator.post(f"{LIST}/again", data={"csrf_token": token(operator)}).get_data(as_text=True)
    assert "1 went on the timeline; 1 still do not fit." in shown
    with Session(engine) as session:
        assert session.scalars(select(Event.message_id)).all() == ["m1"]


def test_a_long_list_shows_the_oldest_and_says_how_many_more_wait(operator: FlaskClient, engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        first = session.scalars(select(FailedEvent)).one()
        for number in range(MOST + 2):
            told = {"source_id": "web", "message_id": f"n{number}", "code": "schema", "reason": "x"}
            late = {"received_at": first.received_at + timedelta(seconds=1 + number), "message": {}, "sending": {}}
            session.add(FailedEvent(id=UUID(int=number + 1), **told, **late))
    shown = operator.get(LIST).get_data(as_text=True)
    assert (shown.count("Put right the message"), "Put right the message m1" in shown) == (MOST, True)
    assert "3 more wait after these." in shown


def test_no_such_message_is_told_and_others_may_not_look(operator: FlaskClient, engine: Engine) -> None:
    assert operator.get(f"{LIST}/{UUID(int=1)}").status_code == 404
    sign_in(operator, "manager")
    assert [operator.get(path).status_code for path in (LIST, f"{LIST}/{only(engine)}")] == [403, 403]


@pytest.mark.browser
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("size", [(800, 480), (1280, 800), (1080, 1920)])
def test_an_operator_puts_a_message_right_without_a_barrier(
    chromium: Browser, sources: Flask, operator: FlaskClient, size: tuple[int, int]
) -> None:
    with running(sources) as address:
        page = signed_in(chromium, address, "operator", size)
        page.get_by_role("link", name="Messages that did not fit").click()
        for language in ("es", "en"):
            page.click(f"form[action='/language/{language}'] button")
            expect(page.locator("html")).to_have_attribute("lang", language)
            page.wait_for_load_state()
            assert violations(page) == []
        page.get_by_role("link", name="Put right the message m1").click()
        expect(page.get_by_label("The message, as it should be")).to_be_visible()
        page.wait_for_load_state()
        assert violations(page) == []
        page.get_by_label("The message, as it should be").fill("{")
        page.get_by_role("button", name="Take it like this").click()
        expect(page.get_by_role("alert")).to_contain_text("This is no JSON")
        page.wait_for_load_state()
        assert violations(page) == []
        page.get_by_label("The message, as it should be").fill(json.dumps(GOOD))
        page.get_by_role("button", name="Take it like this").click()
        expect(page.locator(".empty")).to_have_text("Every message fits.")
        page.close()
