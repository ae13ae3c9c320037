"""How far a hand-over is, and how long each part of it lives."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from enum import StrEnum

from server.wire.phone import SaidBy

NUMBER = "number"
"""Who says whose visit it is, where that was typed in on the phone."""

OFFER_LIVES = timedelta(minutes=1)
"""How long a link can be opened: OWASP (QRLJacking) asks for a short life, and another link is one touch away."""

PHONE_LIVES = timedelta(hours=12)
"""How long a phone that was let in sees the visit."""

SECRET_BYTES = 32

MOST_TRIES = 5
"""Numbers nobody has that may be typed in for one offer."""

MOST_AT_KIOSK = 20
"""Such numbers in an hour for all offers of a kiosk: a number has ten digits and more, most of them nobody's."""

HOUR = timedelta(hours=1)


class State(StrEnum):
    """How far a hand-over is."""

    OFFERED = "offered"
    ASKED = "asked"
    GRANTED = "granted"
    CARRIED = "carried"
    REFUSED = "refused"
    ENDED = "ended"
    TILL = "till"
    """A code the phone shows at the till; the visit at the kiosk may be over by then."""


TILL_LIVES = timedelta(minutes=10)
"""How long such a code works."""

CONSONANTS = "BCDFGHJKLMNPQRSTVWXZ"
"""What it is made of, as RFC 8628 (section 6.1) has it: 8 of 20 letters that are not taken for one another."""

OPEN = (State.OFFERED, State.ASKED)
"""States that end by themselves: with their time, or with the visit."""


def ends_at(state: State, offered_at: datetime) -> datetime:
    """Return when a state ends by itself: a minute to open the link, one to answer, one for the phone."""
    if state is State.TILL:
        return offered_at + TILL_LIVES
    return offered_at + OFFER_LIVES * {State.OFFERED: 1, State.ASKED: 2}.get(state, 3)


def state_at(stored: State, offered_at: datetime, now: datetime, *, visit_over: bool) -> State:
    """Return the state an offer is in at `now`; one that was neither granted nor refused ends."""
    if stored in (*OPEN, State.GRANTED, State.TILL) and now >= ends_at(stored, offered_at):
        return State.ENDED
    return State.ENDED if stored in OPEN and visit_over else stored


def secret(luck: bytes) -> str:
    """Return luck as it stands in a link or cookie."""
    return base64.urlsafe_b64encode(luck).decode().rstrip("=")


def sign_of(luck: bytes) -> str:
    """Return the two digits a phone shows, made of four bytes of luck: 10 to 99."""
    return str(10 + int.from_bytes(luck) % 90)


def token_of(link: str) -> str:
    """Return what stands in a link as its secret: a program may be given the whole address, or this alone."""
    return link.strip().partition("?")[0].rstrip("/").rpartition("/")[2]


def written(number: str) -> list[str]:
    """Return how a number that was typed in may have been enrolled: as it is, and without what parts it."""
    typed = number.strip()
    return list(dict.fromkeys(one for one in (typed, "".join(typed.replace("-", " ").split())) if one))


def by_of(by: str) -> SaidBy:
    """Return who says whose visit it is, of what the offer holds."""
    return "number" if by == NUMBER else "app"


def code_of(luck: bytes) -> str:
    """Return the code a phone shows at the till, of eight bytes of luck."""
    number = int.from_bytes(luck)
    return "".join(CONSONANTS[number // 20**place % 20] for place in range(8))


def plain(code: str) -> str:
    """Return a code as it was made, however it was typed in."""
    return "".join(one for one in code.upper() if one in CONSONANTS)
