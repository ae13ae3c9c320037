"""When a store is open, by its own clock: checked before it is kept, and asked at any moment."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from server.wire import Frozen

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Span = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
Spans = tuple[Span, ...]


class OpeningHours(Frozen):
    """Spans `09:30-14:00` of each weekday; `except_on` says other spans for a date, none where it is closed."""

    monday: Spans = ()
    tuesday: Spans = ()
    wednesday: Spans = ()
    thursday: Spans = ()
    friday: Spans = ()
    saturday: Spans = ()
    sunday: Spans = ()
    except_on: dict[date, Spans] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _spans_follow_each_other(self) -> Self:
        for spans in (*(getattr(self, day) for day in DAYS), *self.except_on.values()):
            ends = [end for span in spans for end in span.split("-")]
            if ends != sorted(ends) or len(set(ends)) < len(ends):
                msg = f"{', '.join(spans)}: each span must end after it begins, and begin after the one before"
                raise ValueError(msg)
        return self

    def on(self, day: date) -> Spans:
        """Return the spans of a date."""
        usual: Spans = getattr(self, DAYS[day.weekday()])
        return self.except_on.get(day, usual)

    def open_at(self, local: datetime) -> bool:
        """Return whether the store is open when its own clock shows `local`."""
        clock = f"{local:%H:%M}"
        return any(begin <= clock < end for begin, end in (span.split("-") for span in self.on(local.date())))


def closes_at(hours: OpeningHours, local: datetime) -> time | None:
    """Return when the span the clock is in ends, None where the store is closed; midnight is 00:00."""
    clock = f"{local:%H:%M}"
    ends = [end for begin, end in (s.split("-") for s in hours.on(local.date())) if begin <= clock < end]
    return time.fromisoformat("00:00" if ends[0] == "24:00" else ends[0]) if ends else None
