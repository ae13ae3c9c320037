"""What is said of tiles for their prices by the kiosk's own copy, and what instead once that is past. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kiosk.offers import OUTWEIGHED, said_offered
from kiosk.screen import OF_PRICE, Showing, believed
from kiosk.shelf import ShelfCopy, listed_at
from server.wire import Tile


def said_of_prices(tiles: Sequence[Tile], shelf: ShelfCopy, *, now: datetime) -> tuple[Tile, ...]:
    """Return the same tiles, where it is so with the reason that one is reduced, or part of an offer now.

    Of `tiles` the prices are gone whose time is past. What servers say of themselves stays as they said it.
    """
    told = shelf.shelf
    if told is None:
        return tuple(tiles)
    if told.reduced is not None:
        said = {"reason": told.reduced, "reason_kind": "reduced"}
        tiles = [one.model_copy(update=said) if _reduced(one) else one for one in tiles]
    return said_offered(tiles, told.offers, now=now)


def _reduced(tile: Tile) -> bool:
    return tile.price is not None and bool(tile.price.percent_off) and tile.reason_kind in OUTWEIGHED


def still_true(view: Showing, shelf: ShelfCopy, now: datetime) -> tuple[Tile, ...]:
    """Return a view's tiles without the prices whose time is past.

    Those that were said to be reduced or in an offer then say what is true now: that they are part of an offer,
    else why the copy lists them here; nothing where it does not.
    """
    was = {one.product_id for one in view.goes_with if one.reason_kind in OF_PRICE}
    tiles = believed(view.goes_with, now)
    taken_back = {one.product_id for one in tiles if one.product_id in was and one.reason_kind is None}
    if not taken_back or shelf.shelf is None:
        return tiles
    listed = believed(listed_at(shelf.shelf, getattr(view.card, "product_id", ""), now)[0], now)
    others = {one.product_id: one for one in listed if one.reason_kind not in OF_PRICE}
    return tuple(
        _said_instead(one, others.get(one.product_id), shelf=shelf, now=now)
        if one.product_id in taken_back
        else one
        for one in tiles
    )


def _said_instead(tile: Tile, listed: Tile | None, *, shelf: ShelfCopy, now: datetime) -> Tile:
    if listed is not None:
        tile = tile.model_copy(update={"reason": listed.reason, "reason_kind": listed.reason_kind})
    return said_of_prices([tile], shelf, now=now)[0]
