"""What of a timeline is asked for: whose, which channels and kinds, between when. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.errors import Invalid
from server.timeline.models import EventKind
from server.timeline.rules.misfit import Misfit
from server.timeline.rules.moments import read_moment


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
