"""What a shopper is asked once their card was tapped, and what they choose."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from server.wire.values import Frozen, Moment, Told, Whole

Purpose = Literal["service", "analytics", "personalisation"]
PURPOSES: tuple[Purpose, ...] = ("service", "analytics", "personalisation")
CONSENT_TEXT = "2026-11-28"  # The version of the words the kiosk asks in; what was said to others is asked anew.


STORY_TEXT = "2026-11"  # The version of the words in which the kiosk asks for a visit's story.


class PersonCard(Frozen):
    """A card of the chain was tapped: what its holder has agreed to. `taken` where the visit is another's."""

    kind: Literal["person"] = "person"
    agreed: tuple[Purpose, ...] = ()
    taken: bool = False


class PersonChoice(Frozen):
    """What a shopper agrees to from now on, in this visit and with this card: all that is not named is refused.

    `age_ms` is for how long it waited on the kiosk, in milliseconds.
    """

    choice_id: UUID
    visit_id: UUID
    occurred_at: Moment
    agreed: tuple[Purpose, ...]
    text_version: Annotated[Told, StringConstraints(min_length=1, max_length=20)] = CONSENT_TEXT
    language: Annotated[Told, StringConstraints(max_length=16)] = "en"
    age_ms: Whole = 0


class StoryChoice(Frozen):
    """Whether the team may see what a shopper looks at in this visit, until it ends or they say no."""

    choice_id: UUID
    visit_id: UUID
    occurred_at: Moment
    yes: bool
    text_version: Annotated[Told, StringConstraints(min_length=1, max_length=20)] = STORY_TEXT
    language: Annotated[Told, StringConstraints(max_length=16)] = "en"
    age_ms: Whole = 0
