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


class ServerClock:
    """The server's time as far as the kiosk has heard it: prices end by it, however wrong our own clock."""

    def __init__(self, given: Surroundings) -> None:
        self._given = given
        self._heard: tuple[datetime, float] | None = None

    def heard(self, server_time: datetime) -> None:
        """Take the time the server says it is."""
        self._heard = (server_time, self._given.seconds())

    def now(self) -> datetime:
        """Return the server's time, or the kiosk's own where the server was never heard."""
        if self._heard is None:
            return self._given.now()
        said, at = self._heard
        return said + timedelta(seconds=self._given.seconds() - at)
