"""What kinds of events are called outside: as in Segment's e-commerce v2 where named there, else in ours."""

from __future__ import annotations

from server.timeline.models import EventKind

OWN = (
    EventKind.PRODUCT_TAPPED,
    EventKind.SIGN_TAPPED,
    EventKind.UNKNOWN_TAG_TAPPED,
    EventKind.SUGGESTION_OPENED,
    EventKind.SUGGESTIONS_SHOWN,
    EventKind.STAFF_CALLED,
    EventKind.VISIT_ENDED,
    EventKind.CARD_TAPPED,
    EventKind.CUSTOMER_INTRODUCED,
    EventKind.CONSENT_CHOSEN,
    EventKind.STORY_SHARED,
)
"""Kinds only our own devices tell of: whoever else says so has an event of its own."""

CALLS = {
    "identify": EventKind.IDENTIFIED,
    "page": EventKind.PAGE_VIEWED,
    "screen": EventKind.SCREEN_VIEWED,
    "group": EventKind.GROUP_JOINED,
    "alias": EventKind.ALIAS_TOLD,
}
"""Calls of the clients that have a kind of their own; of `track`, the name says the kind."""

OTHERWISE = {
    EventKind.PRODUCT_TAPPED: "Product Viewed",
    EventKind.SUGGESTION_OPENED: "Product Clicked",
    EventKind.UNKNOWN_TAG_TAPPED: "Tag Unknown",
    EventKind.VISIT_ENDED: "Kiosk Session Ended",
}
"""Kinds whose name outside is not their own written large."""


def called(kind: EventKind) -> str:
    """Return the name of a kind outside: `Product Added` for `product_added`."""
    large = kind.replace("_", " ").title().replace(" To ", " to ").replace(" From ", " from ")
    return OTHERWISE.get(kind, large)


_BY_NAME = {
    kind.replace("_", " "): kind for kind in EventKind if kind not in (*OWN, *CALLS.values(), EventKind.CUSTOM)
}


def kind_of(name: str) -> EventKind:
    """Return the kind of a track call's event, whatever the case of its name; `CUSTOM` where there is none."""
    return _BY_NAME.get(name.casefold().replace("_", " "), EventKind.CUSTOM)
