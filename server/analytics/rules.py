"""What is tapped, counted by the store's own clock. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FEW = 30
"""Below this many taps a comparison says little; the page says so."""


@dataclass(frozen=True, slots=True)
class Period:
    """Whole local days from `first` to `last`, both included."""

    first: date
    last: date

    def before(self) -> Period:
        """Return the period of the same length, a whole number of weeks back, so that weekdays match."""
        weeks = timedelta(days=-(-((self.last - self.first).days + 1) // 7) * 7)
        return Period(self.first - weeks, self.last - weeks)

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """Return its bounds in UTC by a store's clock, end exclusive."""
        local = ZoneInfo(zone)
        start = datetime.combine(self.first, time(), local)
        end = datetime.combine(self.last + timedelta(days=1), time(), local)
        return start.astimezone(UTC), end.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class HourCount:
    """How often something was tapped in a store within one hour of UTC."""

    store_id: str
    hour: datetime
    count: int


def by_local_hour(counts: Iterable[HourCount], zones: Mapping[str, str]) -> Counter[tuple[int, int]]:
    """Return counts by weekday (0 = Monday) and hour of each store's own clock.

    Counting by UTC hour first loses nothing while zones differ from UTC by whole hours.
    """
    folded: Counter[tuple[int, int]] = Counter()
    for one in counts:
        local = one.hour.astimezone(ZoneInfo(zones[one.store_id]))
        folded[local.weekday(), local.hour] += one.count
    return folded


def change(now: int, before: int) -> int | None:
    """Return the change in whole percent; None where there is nothing to compare with."""
    return round((now - before) * 100 / before) if before else None


def cell(value: object) -> str:
    """Return a CSV cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    text = str(value)
    risky = text.startswith(("\t", "\r")) or text.lstrip().startswith(("=", "+", "-", "@"))
    return f"'{text}" if risky else text
