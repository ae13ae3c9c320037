"""What is part of an offer in this store now, told by the kiosk's own copy while the server is away. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from server.wire import OffersHere, Tile

OFFERED = "offered"
OUTWEIGHED = frozenset({"alike", "popular_here", "new_here", None})
"""Reasons that say less, as in the server's answers; None where the one there was is true no longer."""


def said_offered(tiles: Sequence[Tile], offers: OffersHere | None, *, now: datetime) -> tuple[Tile, ...]:
    """Return the same tiles, where it is so with the reason that one is part of an offer now.

    Such a tile is true no longer than its offer. Nothing is said with the copy of a server that tells no offers.
    """
    if offers is None:
        return tuple(tiles)
    running = [one for one in offers.times if now < one.ends and (one.starts is None or one.starts <= now)]
    ends = {product: one.ends for one in running for product in one.products}
    return tuple(
        _said(tile, offers, ends[tile.product_id])
        if tile.product_id in ends and tile.reason_kind in OUTWEIGHED
        else tile
        for tile in tiles
    )


def _said(tile: Tile, offers: OffersHere, ends: datetime) -> Tile:
    """A price whose time is past is gone already: what is said then ends with the offer."""
    lasts = {} if tile.price and tile.true_until else {"true_until": ends}
    return tile.model_copy(update={"reason": offers.words, "reason_kind": OFFERED, **lasts})
