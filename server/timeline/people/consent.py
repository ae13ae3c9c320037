"""What a shopper can agree to, and what holds of all they chose. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.timeline.people.models import Choice
from server.wire import CONSENT_TEXT, PURPOSES, Purpose


@dataclass(frozen=True, slots=True)
class Agreed:
    """The purposes somebody agreed to."""

    purposes: tuple[Purpose, ...] = ()

    @property
    def known(self) -> bool:
        """Return whether the visit is the customer's: then the member's price is theirs."""
        return "service" in self.purposes

    @property
    def personal(self) -> bool:
        """Return whether earlier visits may be used to suggest."""
        return self.known and "personalisation" in self.purposes


NOTHING = Agreed()


def agreed_by(choices: Iterable[Choice]) -> Agreed | None:
    """Return what the newest choice says; None where there is none, or it was of other words than today's."""
    newest = max(choices, key=lambda choice: (choice.received_at, choice.id), default=None)
    if newest is None or newest.text_version != CONSENT_TEXT:
        return None
    return Agreed(tuple(purpose for purpose in PURPOSES if getattr(newest, purpose)))
