"""The reason that a suggestion is of the same family and here in the size that was looked at. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from server.recommendations.rules import ReasonKind, Suggestion, Suggestions

OUTWEIGHED = frozenset({ReasonKind.ALIKE, ReasonKind.POPULAR_HERE, ReasonKind.NEW_HERE})
"""Reasons that say less to a shopper than that it is here in the size; the others say more, or are the store's."""


def said_in_size(found: Suggestions, product_id: str, in_size: Collection[str]) -> Suggestions:
    """Return the same list in the same order, where it is so with the reason that one is here `in_size`.

    A visit held out keeps its own words: it is what the others are compared with.
    """
    if found.held_out or not in_size:
        return found
    items = tuple(
        Suggestion(one.product_id, ReasonKind.IN_SIZE, product_id)
        if one.product_id in in_size and one.reason in OUTWEIGHED
        else one
        for one in found.items
    )
    return replace(found, items=items)
