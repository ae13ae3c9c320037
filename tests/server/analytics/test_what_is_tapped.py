"""Taps counted by the store's own clock, the same on both engines."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.access.models import Role
from server.analytics import queries
from server.analytics.rules import HourCount, Period, by_local_hour, cell
from tests.shopfloor import UIDS, as_device, sign_in, tap


def test_hours_are_the_stores_own_over_a_change_of_clocks() -> None:
    counts = [
        HourCount("MAD", datetime(2026, 10, 25, 0, tzinfo=UTC), 1),
        HourCount("MAD", datetime(2026, 10, 25, 1, tzinfo=UTC), 2),
        HourCount("LPA", datetime(2026, 10, 25, 1, tzinfo=UTC), 4),
    ]
    folded = by_local_hour(counts, {"MAD": "Europe/Madrid", "LPA": "Atlantic/Canary"})
    assert dict(folded) == {(6, 2): 3, (6, 1): 4}


def test_the_period_before_has_the_same_weekdays() -> None:
    period = Period(date(2026, 11, 16), date(2026, 11, 24))
    assert period.before().first.weekday() == period.first.weekday()
    assert period.before().last < period.first


def test_taps_are_counted_by_product_hour_and_kind(client: FlaskClient, engine: Engine) -> None:
    for number, uid in enumerate((UIDS["boot"], UIDS["boot38"], UIDS["sign"], "04FFFFFF", UIDS["lamp"])):
        assert client.post("/api/v1/taps", json=tap(number, uid), headers=as_device("kiosk")).status_code == 200
    bounds = Period(date(2026, 11, 24), date(2026, 11, 24)).bounds("Europe/Madrid")
    with Session(engine) as session:
        assert dict(queries.by_product(session, {"MAD": bounds, "LON": bounds})) == {"boot": 2, "lamp": 1}
        assert queries.by_hour(session, "MAD", bounds) == [
            HourCount("MAD", datetime(2026, 11, 24, 10, tzinfo=UTC), 3)
        ]


def test_the_file_is_what_the_page_shows_and_no_formula_runs(client: FlaskClient) -> None:
    assert client.post("/api/v1/taps", json=tap(1), headers=as_device("kiosk")).status_code == 200
    sign_in(client, Role.MERCHANDISER)
    lines = client.get("/merchandise/taps.csv").get_data(as_text=True).splitlines()
    assert lines[1:] == ["Boot,1,0"]
    assert client.get("/merchandise/taps?from=2026-11-30&to=2026-11-01").status_code == 422
    for risky in ("=1+1", " @x", "+a", "-b", "\tc"):
        assert cell(risky).startswith("'")
