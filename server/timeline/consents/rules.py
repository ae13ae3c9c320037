"""What a shopper can agree to, and what holds of all they chose. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from server.wire import CONSENT_TEXT, PURPOSES, Purpose


class Chosen(Protocol):
    """What a shopper chose: a row of `Choice`."""

    @property
    def id(self) -> UUID: ...  # noqa: D102 - a column

    @property
    def chosen_at(self) -> datetime: ...  # noqa: D102 - a column

    @property
    def received_at(self) -> datetime: ...  # noqa: D102 - a column

    @property
    def text_version(self) -> str: ...  # noqa: D102 - a column


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


def agreed_by(choices: Iterable[Chosen]) -> Agreed | None:
    """Return what the newest choice says, whenever it was told of; None where there is none, or it was of other
    words than today's.
    """
    newest = max(choices, key=lambda choice: (choice.chosen_at, choice.received_at, choice.id), default=None)
    if newest is None or newest.text_version != CONSENT_TEXT:
        return None
    return Agreed(tuple(purpose for purpose in PURPOSES if getattr(newest, purpose)))


def document(agreed: Agreed | None) -> dict[str, Any]:
    """Return it as an event holds it: each purpose, and the version of the words where somebody was asked."""
    said: dict[str, Any] = {purpose: purpose in (agreed or NOTHING).purposes for purpose in PURPOSES}
    return {**said, "v": CONSENT_TEXT} if agreed else said
