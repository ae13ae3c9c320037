"""Hours and days of the week on the wall clock of a store, and the moments at which they change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Schedule(BaseModel):
    """When in the week a promotion runs, as the clock on the store's wall shows it.

    Weekdays are 0 (Monday) to 6; none named means all. `hour_from` until `hour_to` (not in it) may span
    midnight. An hour that comes twice counts twice, one that never comes does not count: the wall decides.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    weekdays: tuple[Annotated[int, Field(ge=0, le=6)], ...] = ()
    hour_from: time | None = None
    hour_to: time | None = None

    @model_validator(mode="after")
    def _both_hours(self) -> Self:
        if (self.hour_from is None) != (self.hour_to is None):
            msg = "hours need both a beginning and an end"
            raise ValueError(msg)
        if self.hour_from is not None and self.hour_from == self.hour_to:
            msg = "hours that end when they begin are no hours; leave both out for the whole day"
            raise ValueError(msg)
        return self

    @property
    def limited(self) -> bool:
        """Return whether it leaves out any hour of the week."""
        return bool(self.weekdays) or self.hour_from is not None

    def shows(self, at: datetime, zone: ZoneInfo) -> bool:
        """Return whether the wall clock shows a time inside at this moment."""
        if not self.limited:
            return True
        local = at.astimezone(zone)
        if self.weekdays and local.weekday() not in self.weekdays:
            return False
        if self.hour_from is None or self.hour_to is None:
            return True
        after, before = local.time() >= self.hour_from, local.time() < self.hour_to
        return (after and before) if self.hour_from < self.hour_to else (after or before)

    def boundaries(self, after: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """Yield the moments in `(after, until]` at which it may begin or end to run; some may change nothing."""
        edges = {time(), *(edge for edge in (self.hour_from, self.hour_to) if edge is not None)}
        day = after.astimezone(zone).date() - timedelta(days=1)
        last = until.astimezone(zone).date() + timedelta(days=1)
        while day <= last:
            for edge in edges:
                for fold in (0, 1):
                    moment = datetime.combine(day, edge, zone).replace(fold=fold).astimezone(UTC)
                    if after < moment <= until:
                        yield moment
            day += timedelta(days=1)
        yield from clock_changes(after, until, zone)


def clock_changes(after: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the moments in `(after, until]` at which the store's clock is put forward or back."""
    at = after
    while at < until:
        step = min(at + timedelta(days=1), until)
        if at.astimezone(zone).utcoffset() != step.astimezone(zone).utcoffset():
            yield _change(at, step, zone)
        at = step


def _change(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    before = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)
