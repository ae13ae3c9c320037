"""What a kiosk and the server say to each other when a visit goes on on the shopper's own phone."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from server.wire.people import PersonCard
from server.wire.values import Frozen, Moment, Told

ProductId = Annotated[Told, StringConstraints(min_length=1, max_length=64)]


class HandOverAsked(Frozen):
    """A shopper wants to carry on on a phone; `kept` are the products on the list they keep at the kiosk."""

    visit_id: UUID
    kept: Annotated[tuple[ProductId, ...], Field(max_length=50)] = ()


class HandOverOffer(Frozen):
    """The link to show, once: it is stored only as a hash."""

    hand_over_id: UUID
    link: str
    ends_at: Moment


SaidBy = Literal["number", "app"]
"""Who says whose visit it is: a number typed in, which proves nothing, or a program that knows them."""


class HandOverState(Frozen):
    """How far it is. `sign` is what the phone shows, from the moment it asks.

    `introduces` where the phone says whose visit it is, for kiosks that can ask about it (`?asks_who=1`); it names
    nobody.
    """

    hand_over_id: UUID
    state: Literal["offered", "asked", "granted", "carried", "refused", "ended"]
    ends_at: Moment
    sign: str | None = None
    introduces: SaidBy | None = None


class HandOverReply(Frozen):
    """What the shopper says at the kiosk to a phone that asks, by the sign they were shown."""

    sign: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]
    yes: bool


class HandOverSign(Frozen):
    """The shopper says at the kiosk that they are whom the phone with this sign says."""

    sign: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]


class Introduced(Frozen):
    """Whose visit it is said to be: what to ask them, or what they agreed to before. It names nobody."""

    card: PersonCard
    by: SaidBy


class LinkRedeemed(Frozen):
    """A program knows who opened the link with it: `user_id` is the customer, as its events call them."""

    link: Annotated[Told, StringConstraints(min_length=1, max_length=2048)]
    user_id: Annotated[Told, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class TillCode(Frozen):
    """A till knows who stands there, and the code their phone shows: `user_id` as its events call them."""

    code: Annotated[Told, StringConstraints(min_length=8, max_length=20)]
    user_id: Annotated[Told, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Redeemed(Frozen):
    """What the program shows its customer: the sign, until the kiosk has asked them; then what came of it."""

    hand_over_id: UUID
    state: Literal["asked", "carried", "refused", "ended"]
    ends_at: Moment
    sign: str
