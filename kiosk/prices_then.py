"""What a tile costs at a moment by the kiosk's own copy, which knows of changes ahead. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from server.wire import Shelf, Tile


def priced_at(tiles: Iterable[Tile], shelf: Shelf, now: datetime) -> tuple[Tile, ...]:
    """Return the tiles, those whose price's time is past with the last that began since, where one is known.

    That one's time may be past as well.
    """
    return tuple(
        _priced(tile, shelf, now) if tile.true_until and tile.true_until <= now else tile for tile in tiles
    )


def _priced(tile: Tile, shelf: Shelf, now: datetime) -> Tile:
    for turn in reversed(shelf.prices or ()):
        if turn.starts <= now and tile.product_id in turn.prices:
            then = turn.prices[tile.product_id]
            return tile.model_copy(update={"price": then.price, "true_until": then.true_until})
    return tile
