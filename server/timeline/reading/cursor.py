"""A page of a timeline, and where it ended as text that asks for the next one. Pure."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from uuid import UUID

from server.errors import Invalid
from server.timeline.reading.told import TimelineEvent
from server.wire.values import Frozen

Place = tuple[datetime, UUID]
"""Where a page ended: the moment and id of its last event."""


class TimelinePage(Frozen):
    """Events, newest first; `next` asks for the older ones, None where there are none."""

    events: tuple[TimelineEvent, ...]
    next: str | None


def cursor_of(place: Place) -> str:
    """Return a page's end as text for an address."""
    moment, event_id = place
    return base64.urlsafe_b64encode(f"{moment.isoformat()} {event_id.hex}".encode()).decode().rstrip("=")


def read_cursor(told: str | None) -> Place | None:
    """Return where a page ended, None for the first; raises `Invalid` for what no page gave."""
    if not told:
        return None
    try:
        moment, _, event_id = base64.urlsafe_b64decode(told + "==").decode("ascii").partition(" ")
        found = datetime.fromisoformat(moment)
        if found.tzinfo is not None:
            return found, UUID(event_id)
    except (ValueError, binascii.Error, OverflowError):
        pass
    msg = "cursor: give the `next` of the page before, or nothing."
    raise Invalid(msg)
