"""What the agent is given when it starts, and what it notes of each tap's way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID


@dataclass(slots=True)
class Hops:
    """When each step of one tap happened, in seconds of the agent's clock; 0 for not yet."""

    tap_id: UUID
    number: int
    read_ms: float
    arrived: float
    kept: float = 0.0
    shown: float = 0.0
    answered: float = 0.0
    painted: float = 0.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the agent is given: the clock, a counter of seconds, luck, and how long idling may last."""

    now: Callable[[], datetime]
    seconds: Callable[[], float]
    luck: Callable[[int], bytes]
    idle: timedelta
    language: str = ""
