"""Where, when and for whom a price is worked out: all that a rule may know besides the goods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

MEMBERS = "members"
"""The segment of customers the shop knows; their price stands beside the public one."""


@dataclass(frozen=True, slots=True)
class Shopper:
    """What a shopper lets the shop know. An anonymous one has no segment and has bought nothing yet."""

    segments: frozenset[str] = frozenset()
    signs: frozenset[str] = frozenset()
    """Signs tapped in this visit."""
    orders: int = 0
    """How many orders were bought before, cancelled ones not counted."""


ANYBODY = Shopper()


@dataclass(frozen=True, slots=True)
class Situation:
    """A store at a moment (aware), with the shopper who looks."""

    store_id: str
    currency: str
    zone: ZoneInfo
    at: datetime
    regions: frozenset[str] = frozenset()
    shopper: Shopper = ANYBODY
    used_up: frozenset[str] = frozenset()
    """Promotions whose limit is reached."""
