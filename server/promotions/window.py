"""When a promotion runs: windows in the store's own local time, `[start, end)`."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

Interval = tuple[datetime | None, datetime | None]
"""From (inclusive) and until (exclusive), in UTC; None is without bound."""


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the UTC moment at which the store's clock first shows `local` (naive).

    An hour that comes twice means its first coming. An hour that never comes (clocks go forward) means
    the moment the clocks jump, so a window that starts in it starts at once after the jump.
    """
    moment = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    shown = moment.astimezone(zone).replace(tzinfo=None)
    return moment if shown == local else _jump(local, zone)


def _jump(local: datetime, zone: ZoneInfo) -> datetime:
    early, late = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0))
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < local:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


@lru_cache(maxsize=100_000)
def interval(starts: datetime | None, ends: datetime | None, zone: ZoneInfo) -> Interval:
    """Return the window in UTC."""
    return (
        instant(starts, zone) if starts is not None else None,
        instant(ends, zone) if ends is not None else None,
    )


@lru_cache(maxsize=10_000)
def whole_day(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the store's local day in UTC, end exclusive: 23, 24 or 25 hours long."""
    start = datetime.combine(day, time())
    return instant(start, zone), instant(start + timedelta(days=1), zone)


def runs(window: Interval, now: datetime) -> bool:
    """Return whether `now` is inside."""
    start, end = window
    return (start is None or start <= now) and (end is None or now < end)
