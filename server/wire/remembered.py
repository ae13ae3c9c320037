"""Lists and prices for a kiosk to show from memory, as they will be at moments to come."""

from __future__ import annotations

from pydantic import Field

from server.wire.cards import PriceLine, Tile
from server.wire.showed import Versions
from server.wire.values import Frozen, Moment


class ListsFrom(Frozen):
    """Lists that are others from a moment on, as then a pin, a block or a boost begins or ends."""

    starts: Moment
    goes_with: dict[str, tuple[Tile, ...]]
    models: dict[str, int] = Field(default_factory=dict)


class PriceThen(Frozen):
    """What a tile costs until a moment, and what that price is made from."""

    price: PriceLine
    true_until: Moment
    versions: Versions


class PricesFrom(Frozen):
    """Prices of tiles, by product, that take the place of others from a moment on."""

    starts: Moment
    prices: dict[str, PriceThen]
