"""The list a customer made at home, as it stands in the store of the kiosk that asks."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from server.wire.cards import Tile
from server.wire.values import Frozen, Moment, Text


class HomeLine(Frozen):
    """A product on the list with its price here: which variant, where the list says so, and how many there are."""

    tile: Tile
    size: str | None = None
    colour: Text | None = None
    in_stock: Annotated[int, Field(ge=0)]


class HomeList(Frozen):
    """The list, what can be taken along first, else what was put on it last; empty without the shopper's yes."""

    lines: tuple[HomeLine, ...]
    server_time: Moment
