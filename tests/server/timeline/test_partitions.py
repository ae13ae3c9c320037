"""The timeline by the month: made ahead, dropped when over, and an event is there once for ever all the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from server.timeline import outbox
from server.timeline.models import Event, EventHour
from server.timeline.partitions import make_ahead, month_of, partitions
from server.timeline.people.retention import keep_for, purge
from tests.clock import NOW, FakeClock

OLD = datetime(2021, 3, 10, tzinfo=UTC)


def track(number: int, moment: datetime) -> dict[str, Any]:
    return {
        **{"type": "track", "event": "Product Viewed", "messageId": f"m{number}", "userId": "u"},
        "timestamp": moment.isoformat(),
    }


def send(app: Flask, *messages: dict[str, Any]) -> dict[str, Any]:
    answer = app.test_client().post("/v1/batch", json={"batch": messages}, headers={"X-Write-Key": "wk_web"})
    told: dict[str, Any] = answer.get_json()
    return told


def kept(engine: Engine) -> set[str | None]:
    with Session(engine) as session:
        return set(session.scalars(select(Event.message_id)))


def lies_in(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT message_id, tableoid::regclass::text FROM event"))
        return dict(rows.all())


def test_months_are_counted_in_utc_over_the_years() -> None:
    assert month_of(NOW) == datetime(2026, 11, 1, tzinfo=UTC)
    assert month_of(NOW, 2) == datetime(2027, 1, 1, tzinfo=UTC)
    assert month_of(NOW, -23) == datetime(2024, 12, 1, tzinfo=UTC)


def test_what_is_over_is_forgotten_but_known_for_ever_and_its_count_stays(sources: Flask, engine: Engine) -> None:
    with engine.begin() as connection:
        make_ahead(connection, OLD)
    assert send(sources, track(1, OLD), track(2, NOW), track(3, NOW - timedelta(days=600)))["accepted"] == 3
    with Session(engine) as session, session.begin():
        keep_for(session, "event", 400)
        assert purge(session, NOW).gone["event"] == 2
    with engine.connect() as connection:
        assert month_of(OLD) not in partitions(connection)
    assert kept(engine) == {"m2"}
    assert send(sources, track(1, OLD), track(2, NOW), track(3, NOW))["duplicates"] == 3
    assert kept(engine) == {"m2"}
    with Session(engine) as session:
        assert sum(session.scalars(select(EventHour.events))) == 3


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_each_month_lies_in_its_partition_and_one_made_late_takes_what_is_its_own(
    sources: Flask, engine: Engine
) -> None:
    send(sources, track(1, OLD), track(2, OLD + timedelta(days=40)))
    assert set(lies_in(engine).values()) == {"event_default"}
    with engine.begin() as connection:
        assert "event_2021_03" in make_ahead(connection, OLD, behind=0)
        assert make_ahead(connection, OLD, behind=0) == []
    assert lies_in(engine) == {"m1": "event_2021_03", "m2": "event_2021_04"}
    send(sources, track(3, OLD + timedelta(days=80)))
    assert lies_in(engine)["m3"] == "event_2021_05"


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_the_coming_months_are_made_ahead(engine: Engine) -> None:
    with engine.begin() as connection:
        make_ahead(connection, NOW)
        assert {month_of(NOW, later) for later in range(-1, 4)} <= partitions(connection).keys()


def test_the_outbox_keeps_what_the_last_days_brought(sources: Flask, engine: Engine, clock: FakeClock) -> None:
    send(sources, track(1, NOW), track(2, NOW))
    clock.advance(timedelta(days=5).total_seconds())
    send(sources, track(3, clock()))
    clock.advance(timedelta(days=3).total_seconds())
    with Session(engine) as session, session.begin():
        purge(session, clock())
    with Session(engine) as session:
        kept_for_readers = outbox.after(session, 0, limit=10)
    assert [event.message_id for _, event in kept_for_readers] == ["m3"]
    assert kept(engine) == {"m1", "m2", "m3"}
