"""Windows and schedules on the wall clocks of stores: hours that come twice, or never."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.promotions.rules.schedule import Schedule
from server.promotions.window import instant

MADRID = ZoneInfo("Europe/Madrid")


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        (datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 1, 0)),  # noqa: DTZ001 - local times have no zone
        (datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 0, 30)),  # noqa: DTZ001 - local times have no zone
    ],
)
def test_hours_that_never_come_or_come_twice_have_a_stated_meaning(local: datetime, utc: datetime) -> None:
    assert instant(local, MADRID) == utc.replace(tzinfo=UTC)


@pytest.mark.parametrize(("month", "day", "hours"), [(3, 29, 0), (10, 25, 2), (10, 26, 1)])
def test_an_hour_runs_as_often_as_the_wall_shows_it(month: int, day: int, hours: int) -> None:
    schedule = Schedule.model_validate({"hour_from": "02:00", "hour_to": "03:00"})
    start = instant(datetime(2026, month, day), MADRID)  # noqa: DTZ001 - local times have no zone
    minutes = [start + timedelta(minutes=minute) for minute in range(20 * 60)]
    assert sum(schedule.shows(minute, MADRID) for minute in minutes) == hours * 60


def test_hours_may_span_midnight() -> None:
    schedule = Schedule.model_validate({"hour_from": "22:00", "hour_to": "06:00"})
    shown = [schedule.shows(datetime(2026, 6, 1, hour, tzinfo=MADRID), MADRID) for hour in (21, 22, 23, 0, 5, 6)]
    assert shown == [False, True, True, True, True, False]
