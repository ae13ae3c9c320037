"""Reasons that say more to a shopper than the one a list was made with, where they are true. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from server.recommendations.rules import ReasonKind, Suggestion, Suggestions
from server.taps.sizes import Sizes

OUTWEIGHED = frozenset({ReasonKind.ALIKE, ReasonKind.POPULAR_HERE, ReasonKind.NEW_HERE})
"""Reasons that say less than that it is here in the size, reduced, or in an offer. The others say more, or
are the store's."""


def said_in_size(found: Suggestions, sizes: Sizes) -> Suggestions:
    """Return the same list in the same order, where it is so with the reason that one is here in the size."""
    found = _said(found, sizes.looked_at, ReasonKind.IN_SIZE)
    return _said(found, sizes.usual, ReasonKind.USUAL_SIZE)


def said_reduced(found: Suggestions, reduced: Collection[str]) -> Suggestions:
    """Return the same list in the same order, where it is so with the reason that one is `reduced` now."""
    return _said(found, reduced, ReasonKind.REDUCED)


def said_offered(found: Suggestions, offered: Collection[str]) -> Suggestions:
    """Return the same list in the same order, where it is so with the reason that one is part of an offer now."""
    return _said(found, offered, ReasonKind.OFFERED)


def _said(found: Suggestions, those: Collection[str], reason: ReasonKind) -> Suggestions:
    """A visit held out keeps its own words: it is what the others are compared with."""
    if found.held_out or not those:
        return found
    items = tuple(
        Suggestion(one.product_id, reason) if one.product_id in those and one.reason in OUTWEIGHED else one
        for one in found.items
    )
    return replace(found, items=items)
