"""A shopper's stay at the kiosk: begins with a tap, ends by idling or by saying so. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

WARNING = timedelta(seconds=20)
"""How long the warning stands before a visit ends (EN 301 549, WCAG 2.2.1: at least 20 seconds)."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that goes on. `active_at` is when the shopper last did anything."""

    id: UUID
    active_at: datetime
    idle: timedelta

    def touched(self, now: datetime) -> Visit:
        """Return the visit after the shopper did something; it can be kept going without limit."""
        return replace(self, active_at=now)

    def warning_seconds(self, now: datetime) -> int | None:
        """Return how many seconds are left to keep the visit; None while no warning stands."""
        left = self.active_at + self.idle + WARNING - now
        return max(0, int(left.total_seconds() + 0.999)) if left <= WARNING else None

    def over(self, now: datetime) -> bool:
        """Return whether nobody has done anything for too long."""
        return now >= self.active_at + self.idle + WARNING
