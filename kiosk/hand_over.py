"""How far the hand-over of a visit to the shopper's own phone is, as the screen shows it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from server.wire import HandOverOffer, HandOverState, SaidBy


class Step(StrEnum):
    """What stands on the screen."""

    BEGUN = "begun"
    """The server was asked for a link."""
    OFFERED = "offered"
    """The link stands there as a code."""
    ASKED = "asked"
    """A phone opened it and shows a number: is it the shopper's?"""
    GRANTED = "granted"
    REFUSED = "refused"
    ENDED = "ended"
    AWAY = "away"
    """The server gave no link."""


OPEN = frozenset({Step.OFFERED, Step.ASKED})
"""Steps in which the server has an offer that can still come to something."""


@dataclass(frozen=True, slots=True)
class Carry:
    """One offer to a phone. `link` and `sign` are shown, and forgotten with it."""

    step: Step = Step.BEGUN
    id: UUID | None = None
    link: str = ""
    ends_at: datetime | None = None
    sign: str = ""
    lost: bool = False
    """Whether the shopper's answer could not be told, and so does not hold."""
    introduces: SaidBy | None = None
    """Who says whose visit it is, where the phone that asks brings that: then the yes is to being that person."""

    @property
    def open(self) -> bool:
        """Return whether something may still come of it."""
        return self.step in OPEN

    def seconds_left(self, moment: datetime) -> int:
        """Return for how many seconds it lasts from `moment`, by the server's clock; 0 for none."""
        return max(0, int((self.ends_at - moment).total_seconds())) if self.ends_at else 0


def offered(offer: HandOverOffer) -> Carry:
    """Return what is shown of an offer the server made."""
    return Carry(Step.OFFERED, offer.hand_over_id, offer.link, offer.ends_at)


_HEARD = {
    "offered": Step.OFFERED,
    "asked": Step.ASKED,
    "granted": Step.GRANTED,
    "carried": Step.GRANTED,
    "refused": Step.REFUSED,
    "ended": Step.ENDED,
}


def heard(carry: Carry, told: HandOverState) -> Carry:
    """Return the offer as the server tells of it; where nothing is new, as it was."""
    step, sign = _HEARD[told.state], told.sign or ""
    return replace(carry, step=step, sign=sign, ends_at=told.ends_at, introduces=told.introduces)


def at(carry: Carry, moment: datetime) -> Carry:
    """Return the offer at `moment` by the server's clock: past its time it has ended, whoever may be away."""
    return replace(carry, step=Step.ENDED) if carry.open and not carry.seconds_left(moment) else carry


def after_tap(carry: Carry | None) -> Carry | None:
    """Return what stays once a tag was tapped: only a question, for it must be answered."""
    return carry if carry is not None and carry.step is Step.ASKED else None
