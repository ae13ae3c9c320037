"""Kiosks in quarantine and test visits: who may say so, with which reason, and what counts from then on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.access.models import Audit
from server.analytics.queries import by_hour, by_kind, by_product
from server.recommendations.looks import looks, looks_after
from server.recommendations.shown_queries import outcomes
from server.terminal import Terminal
from server.timeline.left_out.commands import left_out
from server.timeline.queries import popular_products
from tests.clock import NOW, FakeClock
from tests.server.recommendations.test_wishes import token
from tests.shopfloor import as_device, sign_in, tap

DAY = timedelta(days=1)
SHOPPERS, STAFFS = (UUID(int=number, version=4) for number in (7, 8))


@pytest.fixture
def shop(client: FlaskClient) -> FlaskClient:
    """The small shop, where a shopper and then one of the staff tapped a boot."""
    for number, visit in enumerate((SHOPPERS, STAFFS), start=1):
        client.post("/api/v1/taps", json=tap(number, visit_id=str(visit)), headers=as_device("kiosk"))
    client.application.extensions["tap_desk"].shown.flush()
    return client


def counted(engine: Engine) -> set[UUID]:
    """Return the visits that count, the same to all who learn and count."""
    window = NOW - DAY, NOW + DAY
    with Session(engine) as session:
        found = {UUID(look.visit) for look in looks(session, since=window[0], until=window[1])}
        assert {UUID(look.visit) for look in looks_after(session, 0)[0]} == found
        shown = outcomes(session, "MAD", since=window[0], until=window[1])
        assert {one.shown.visit_id for one in shown} == found
        number = len(found)
        assert by_product(session, {"MAD": window})["boot"] == number
        assert by_kind(session, "MAD", window)["product_tapped"] == number
        assert sum(hour.count for hour in by_hour(session, "MAD", window)) == number
        assert popular_products(session, "MAD", since=window[0]) == (["boot"] if number else [])
    return found


def asked(
    client: FlaskClient, path: str, status: int = 200, *, role: str = "manager", put: bool = False, **body: object
) -> Any:
    sign_in(client, role)
    ask = client.put if put else client.post
    answer = ask(f"/api/v1/stores/MAD/{path}", json=body, headers=token(client))
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_json()


def audited(engine: Engine) -> list[tuple[str | None, str, str]]:
    with Session(engine) as session:
        rows = session.scalars(select(Audit).where(Audit.store_id == "MAD").order_by(Audit.id))
        return [(row.staff_id, row.action, (row.after or {})["reason"]) for row in rows]


def test_a_test_visit_counts_for_nothing_until_it_is_said_to_be_none(shop: FlaskClient, engine: Engine) -> None:
    assert counted(engine) == {SHOPPERS, STAFFS}
    path = f"test-visits/{STAFFS}"
    for _ in range(2):
        made = asked(shop, path, put=True, reason="I tried the new tags")
    assert (made["visit_id"], made["made_by"]) == (str(STAFFS), "manager")
    assert counted(engine) == {SHOPPERS}
    listed = shop.get("/api/v1/stores/MAD/test-visits").get_json()["test_visits"]
    assert [one["visit_id"] for one in listed] == [str(STAFFS)]
    asked(shop, f"{path}/count", role="operator", reason="It was a shopper")
    assert counted(engine) == {SHOPPERS, STAFFS}
    asked(shop, f"{path}/count", 404, reason="again")
    asked(shop, f"test-visits/{UUID(int=1)}", 404, put=True, reason="not there")
    assert audited(engine) == [
        ("manager", "visit marked as test", "I tried the new tags"),
        ("operator", "visit counts again", "It was a shopper"),
    ]


def test_what_a_quarantined_kiosk_delivers_counts_from_its_release_on(
    shop: FlaskClient, engine: Engine, clock: FakeClock
) -> None:
    begun = {"kiosk_id": "kiosk", "reason": "a child plays with it"}
    asked(shop, "quarantines", since=(NOW - timedelta(hours=1)).isoformat(), **begun)
    assert counted(engine) == set()
    asked(shop, "quarantines", 409, **begun)
    clock.advance(3600)
    asked(shop, "quarantines/kiosk/release", role="operator", reason="it stands higher now")
    late, fresh = (UUID(int=number, version=4) for number in (9, 10))
    for number, visit, at in ((3, late, NOW), (4, fresh, clock())):
        sent = tap(number, visit_id=str(visit), at=at, age_ms=int((clock() - at).total_seconds() * 1000))
        shop.post("/api/v1/taps", json=sent, headers=as_device("kiosk"))
    shop.application.extensions["tap_desk"].shown.flush()
    assert counted(engine) == {fresh}
    (held,) = shop.get("/api/v1/stores/MAD/quarantines").get_json()["quarantines"]
    assert (held["kiosk_id"], held["ended_by"]) == ("kiosk", "operator")
    assert [action for _, action, _ in audited(engine)] == ["kiosk quarantined", "kiosk released"]


def test_only_those_of_the_store_may_say_so_and_they_say_why(shop: FlaskClient, engine: Engine) -> None:
    quarantine = {"kiosk_id": "kiosk", "reason": "odd"}
    asked(shop, "quarantines", 403, role="associate", **quarantine)
    asked(shop, "quarantines", 422, kiosk_id="kiosk", reason="")
    asked(shop, "quarantines", 422, since=(NOW + DAY).isoformat(), **quarantine)
    asked(shop, "quarantines", 404, kiosk_id="other", reason="of another store")
    asked(shop, "quarantines/kiosk/release", 404, reason="in none")
    assert counted(engine) == {SHOPPERS, STAFFS}
    assert audited(engine) == []


def test_the_operator_says_it_at_a_terminal_and_takes_a_quarantine_back_whole(
    shop: FlaskClient, engine: Engine, clock: FakeClock
) -> None:
    settings = shop.application.extensions["house"].settings
    terminal = Terminal(lambda: settings, clock, lambda n: bytes(range(n)))

    def run(*words: str) -> str:
        done = CliRunner().invoke(left_out, words, obj=terminal)
        assert done.exit_code == 0, done.output
        return done.output

    since = (NOW - timedelta(hours=1)).isoformat()
    run("quarantine", "kiosk", "--reason", "stolen?", "--since", since)
    assert counted(engine) == set()
    assert "kiosk kiosk from" in run("list")
    run("release", "kiosk", "--reason", "found", "--until", since)
    run("visit", str(STAFFS), "--reason", "shown to a colleague")
    assert counted(engine) == {SHOPPERS}
    assert str(STAFFS) in run("list")
    run("visit", str(STAFFS), "--reason", "no", "--again")
    assert counted(engine) == {SHOPPERS, STAFFS}
    assert {staff for staff, _, _ in audited(engine)} == {None}
