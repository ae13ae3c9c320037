"""When a store is open in the days to come, as moments that any clock understands."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from server.catalogue.hours import OpeningHours
from server.wire import Open

Stretch = tuple[datetime, datetime]
DAYS_AHEAD = 7


def open_from(hours: OpeningHours, zone: str, now: datetime, *, days: int = DAYS_AHEAD) -> list[Stretch]:
    """Return when a store is open from `now` on, for some days: moments, those that touch at midnight as one.

    `zone` is the store's clock (IANA). Where that clock jumps, a span ends when the clock shows its end.
    """
    clock = ZoneInfo(zone)
    today, found = now.astimezone(clock).date(), list[Stretch]()
    for day in (today + timedelta(days=n) for n in range(-1, days)):
        for begin, end in (span.split("-") for span in hours.on(day)):
            begins, ends = _moment(day, begin, clock), _moment(day, end, clock)
            if found and found[-1][1] == begins:
                found[-1] = (found[-1][0], ends)
            else:
                found.append((begins, ends))
    return [(begins, ends) for begins, ends in found if ends > now]


def opens(told: dict[str, Any] | None, zone: str, now: datetime) -> tuple[Open, ...]:
    """Return the same of what a store's row says, for a kiosk; nothing where nobody has said its hours."""
    if told is None:
        return ()
    found = open_from(OpeningHours.model_validate(told), zone, now)
    return tuple(Open(begins=begins, ends=ends) for begins, ends in found)


def _moment(day: date, written: str, clock: ZoneInfo) -> datetime:
    if written == "24:00":
        day, written = day + timedelta(days=1), "00:00"
    return datetime.combine(day, time.fromisoformat(written), clock).astimezone(UTC)
