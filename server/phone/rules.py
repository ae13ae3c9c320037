"""How far a hand-over is, and how long each part of it lives."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from enum import StrEnum

OFFER_LIVES = timedelta(minutes=2)
"""From the QR's first moment to the shopper's yes."""

PHONE_LIVES = timedelta(hours=12)
"""How long a phone that was let in sees the visit."""

SECRET_BYTES = 32


class State(StrEnum):
    """How far a hand-over is."""

    OFFERED = "offered"
    ASKED = "asked"
    GRANTED = "granted"
    CARRIED = "carried"
    REFUSED = "refused"
    ENDED = "ended"


OPEN = (State.OFFERED, State.ASKED)
"""States that end by themselves: with their time, or with the visit."""


def state_at(stored: State, offered_at: datetime, now: datetime, *, visit_over: bool) -> State:
    """Return the state an offer is in at `now`; one that was neither granted nor refused ends."""
    lives = OFFER_LIVES if stored in OPEN else 2 * OFFER_LIVES
    if stored in (*OPEN, State.GRANTED) and now >= offered_at + lives:
        return State.ENDED
    return State.ENDED if stored in OPEN and visit_over else stored


def secret(luck: bytes) -> str:
    """Return luck as it stands in a link or cookie."""
    return base64.urlsafe_b64encode(luck).decode().rstrip("=")


def sign_of(luck: bytes) -> str:
    """Return the two digits a phone shows, made of four bytes of luck: 10 to 99."""
    return str(10 + int.from_bytes(luck) % 90)
