"""What of a timeline is asked for: whose, which channels and kinds, between when, and after which page. Pure."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.errors import Invalid
from server.timeline.models import EventKind
from server.timeline.rules.misfit import Misfit
from server.timeline.rules.moments import read_moment

Place = tuple[datetime, UUID]
"""Where a page ended: the moment and id of its last event."""


@dataclass(frozen=True, slots=True)
class Whose:
    """The visits and the names channels have for somebody, all of which are one person's.

    Who is the same person is decided elsewhere, when it is read; here it is given.
    """

    visits: tuple[UUID, ...] = ()
    users: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """What to leave out: an empty tuple or None leaves out nothing. `since` is in, `until` is not."""

    channels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


def read_filter(arguments: Mapping[str, str]) -> Filter:
    """Return the filter a query string asks for; raises `Invalid` naming what cannot be."""
    kinds = _several(arguments, "kind")
    unknown = set(kinds) - set(EventKind)
    if unknown:
        msg = f"kind: {', '.join(sorted(unknown))} is none of {', '.join(EventKind)}."
        raise Invalid(msg)
    return Filter(
        channels=_several(arguments, "channel"),
        kinds=kinds,
        stores=_several(arguments, "store"),
        since=_moment(arguments, "since"),
        until=_moment(arguments, "until"),
    )


def _several(arguments: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(one for one in arguments.get(name, "").replace("\0", "").split(",") if one)


def _moment(arguments: Mapping[str, str], name: str) -> datetime | None:
    try:
        return read_moment(arguments.get(name), name)
    except Misfit as misfit:
        raise Invalid(str(misfit)) from misfit


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
