"""The team sees the story of a visit only while its shopper stands there and says yes; each look leaves a row."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.access.models import Audit
from server.timeline.people.looking import LOOKED
from server.timeline.stories.rules import LASTS
from tests.clock import FakeClock
from tests.shopfloor import UIDS, as_device, sign_in, tap

VISIT = str(UUID(int=7, version=4))
PAGE, API = f"/manage/MAD/visits/{VISIT}", f"/api/v1/stores/MAD/visits/{VISIT}/story"


@pytest.fixture
def team(client: FlaskClient, clock: FakeClock) -> FlaskClient:
    """An associate's browser; somebody has tapped a boot and then a sign."""
    for number, name in ((1, "boot"), (2, "sign")):
        body = tap(number, UIDS[name], at=clock())
        assert client.post("/api/v1/taps", json=body, headers=as_device("kiosk")).status_code == 200
        clock.advance(10)
    sign_in(client, "associate")
    return client


def say(client: FlaskClient, number: int, *, yes: bool, clock: FakeClock, **more: object) -> None:
    clock.advance(1)
    body = {"choice_id": str(UUID(int=700 + number, version=4)), "visit_id": VISIT, "yes": yes}
    body |= {"occurred_at": clock().isoformat(), **more}
    answer = client.post("/api/v1/visits/stories", json=body, headers=as_device("kiosk"))
    assert answer.status_code == 204, answer.get_data(as_text=True)


def seen(client: FlaskClient) -> set[int]:
    return {client.get(path).status_code for path in (PAGE, API)}


def looks(engine: Engine) -> list[tuple[str | None, str]]:
    with Session(engine) as session:
        return [(row.staff_id, row.subject) for row in session.scalars(select(Audit)) if row.action == LOOKED]


def test_a_story_is_seen_with_a_yes_newest_first_and_each_look_is_noted(
    team: FlaskClient, engine: Engine, clock: FakeClock
) -> None:
    assert seen(team) == {409}
    assert "The shopper decides" in team.get(PAGE).get_data(as_text=True)
    assert PAGE not in team.get("/manage/MAD/visits").get_data(as_text=True)
    assert looks(engine) == []
    say(team, 1, yes=True, clock=clock)
    shown = team.get(PAGE).get_data(as_text=True)
    assert 0 < shown.index("tapped the sign") < shown.index("Boot")
    told = team.get(API).get_json()
    assert [event["kind"] for event in told["events"]] == ["story_shared", "sign_tapped", "product_tapped"]
    assert told["events"][2]["product"]["es"] == "Boot es"
    assert PAGE in team.get("/manage/MAD/visits").get_data(as_text=True)
    assert looks(engine) == [("associate", f"visit:{VISIT}")] * 2


def test_a_yes_is_taken_back_as_easily_and_ends_with_the_visit_or_an_hour_later(
    team: FlaskClient, clock: FakeClock
) -> None:
    say(team, 1, yes=True, clock=clock)
    say(team, 2, yes=False, clock=clock)
    assert seen(team) == {409}
    say(team, 3, yes=True, clock=clock)
    assert seen(team) == {200}
    waited = {"occurred_at": "2001-01-01T00:00:00+00:00", "age_ms": 1500}
    say(team, 4, yes=False, clock=clock, **waited)
    assert seen(team) == {200}, "a no that waited was said before the last yes"
    clock.advance(LASTS.total_seconds())
    sign_in(team, "associate")
    assert seen(team) == {409}
    say(team, 5, yes=True, clock=clock)
    assert seen(team) == {200}
    end = {"visit_id": VISIT, "occurred_at": "2001-01-01T00:00:00+00:00", "how": "done"}
    assert team.post("/api/v1/visits/ends", json=end, headers=as_device("kiosk")).status_code == 204
    assert seen(team) == {409}


def test_no_other_store_sees_it_and_a_call_leads_to_it(
    team: FlaskClient, client: FlaskClient, clock: FakeClock
) -> None:
    call = {"call_id": str(UUID(int=50, version=4)), "visit_id": VISIT, "occurred_at": clock().isoformat()}
    assert client.post("/api/v1/calls", json=call, headers=as_device("kiosk")).status_code == 204
    assert PAGE not in team.get("/manage/MAD/calls").get_data(as_text=True)
    say(team, 1, yes=True, clock=clock)
    assert PAGE in team.get("/manage/MAD/calls").get_data(as_text=True)
    for store, visit in (("LON", VISIT), ("MAD", UUID(int=9, version=4))):
        assert team.get(f"/api/v1/stores/{store}/visits/{visit}/story").status_code == 404


def test_a_manager_sees_what_is_nobodys_and_leaves_no_row(client: FlaskClient, engine: Engine) -> None:
    assert client.post("/api/v1/taps", json=tap(1), headers=as_device("kiosk")).status_code == 200
    sign_in(client, "manager")
    assert "Anonymous" in client.get(PAGE).get_data(as_text=True)
    assert looks(engine) == []
