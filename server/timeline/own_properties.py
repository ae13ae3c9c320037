"""What the properties of our own events hold: closed, and written by building them, so that none can differ."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from server.timeline.models import EventKind
from server.wire import Outcome, Purpose
from server.wire.values import Frozen


class OwnProperties(Frozen):
    """Properties of an event of our own, none unless a kind says so."""

    def written(self) -> dict[str, Any]:
        """Return them as the event holds them: what is not said is left out."""
        return self.model_dump(mode="json", exclude_none=True)


NOTHING = OwnProperties()


class TapProperties(OwnProperties):
    """A tap: the language on the screen; what was picked, if not known; what reading came to, if not well.

    `hinted` where no binding but the tag's own content said what it means.
    """

    language: str
    picked: str | None = None
    hinted: Literal[True] | None = None
    outcome: Outcome | None = None


class VisitEndProperties(OwnProperties):
    """How a visit ended: the shopper said so, or nobody was there any more."""

    how: Literal["done", "idle"]


class ConsentProperties(OwnProperties):
    """What a shopper agreed to, in which words; all that is not named was refused."""

    agreed: tuple[Purpose, ...]
    text_version: str


class IntroducedProperties(OwnProperties):
    """Who said whose visit it is: a number typed in on the phone, a program that knows them, or a till."""

    by: Literal["number", "app", "till"]
    hand_over_id: UUID


class StoryProperties(OwnProperties):
    """Whether the team may see the visit, asked in which words and language."""

    yes: bool
    text_version: str
    language: str


class TileProperties(OwnProperties):
    """A product in a list that was shown: where it stood, and why."""

    product_id: str
    position: int
    reason: str


class ShownProperties(OwnProperties):
    """A list that was shown: whose model, with what chance, and what stood in it.

    `remembered` where the kiosk showed it from its own copy, as the server was away.
    """

    model_version: int
    degraded: bool
    held_out: bool
    propensity: float
    tiles: tuple[TileProperties, ...]
    remembered: Literal[True] | None = None


_TAPS = (
    EventKind.PRODUCT_TAPPED,
    EventKind.SIGN_TAPPED,
    EventKind.UNKNOWN_TAG_TAPPED,
    EventKind.SUGGESTION_OPENED,
    EventKind.CARD_TAPPED,
)

OWN_SCHEMAS: dict[EventKind, type[OwnProperties]] = {
    **dict.fromkeys(_TAPS, TapProperties),
    EventKind.SUGGESTIONS_SHOWN: ShownProperties,
    EventKind.STAFF_CALLED: OwnProperties,
    EventKind.VISIT_ENDED: VisitEndProperties,
    EventKind.CONSENT_CHOSEN: ConsentProperties,
    EventKind.STORY_SHARED: StoryProperties,
    EventKind.CUSTOMER_INTRODUCED: IntroducedProperties,
}
