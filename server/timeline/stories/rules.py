"""When the team may see the story of a visit: while the shopper stands there and their yes does. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from server.access.models import Role
from server.timeline.models import EventKind

LASTS = timedelta(hours=1)
"""How long a yes stands where no end of the visit was told: who was here may have left."""

DECIDING = (EventKind.STORY_SHARED, EventKind.VISIT_ENDED)
"""Events that decide whether a story may be seen."""


class Deciding(Protocol):
    """What is read of an event: a row of `Event`."""

    @property
    def id(self) -> UUID: ...  # noqa: D102 - a column

    @property
    def kind(self) -> str: ...  # noqa: D102 - a column

    @property
    def corrected_at(self) -> datetime: ...  # noqa: D102 - a column

    @property
    def received_at(self) -> datetime: ...  # noqa: D102 - a column

    @property
    def properties(self) -> dict[str, Any]: ...  # noqa: D102 - a column


def yes_stands(events: Iterable[Deciding], now: datetime) -> bool:
    """Return whether the shopper of a visit lets the team see it at this moment: their last word counts."""
    told = [event for event in events if event.kind in DECIDING]
    if any(event.kind == EventKind.VISIT_ENDED for event in told):
        return False
    newest = max(told, key=lambda event: (event.corrected_at, event.received_at, event.id), default=None)
    return newest is not None and newest.properties.get("yes") is True and now - newest.corrected_at < LASTS


def needs_yes(role: Role, *, known: bool) -> bool:
    """Return whether a visit may be looked at only with a yes: by a manager, who asks how the floor does, not
    where nobody can tell whose it was.
    """
    return known or role is not Role.MANAGER
