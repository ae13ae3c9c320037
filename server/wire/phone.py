"""What a kiosk and the server say to each other when a visit goes on on the shopper's own phone."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

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


class HandOverState(Frozen):
    """How far it is. `sign` is what the phone shows, from the moment it asks."""

    hand_over_id: UUID
    state: Literal["offered", "asked", "granted", "carried", "refused", "ended"]
    ends_at: Moment
    sign: str | None = None


class HandOverReply(Frozen):
    """What the shopper says at the kiosk to a phone that asks, by the sign they were shown."""

    sign: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]
    yes: bool
