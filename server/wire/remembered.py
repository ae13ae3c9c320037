"""Lists for a kiosk to show from memory, as they will be at moments to come."""

from __future__ import annotations

from pydantic import Field

from server.wire.cards import Tile
from server.wire.values import Frozen, Moment


class ListsFrom(Frozen):
    """Lists that are others from a moment on, as then a pin, a block or a boost begins or ends."""

    starts: Moment
    goes_with: dict[str, tuple[Tile, ...]]
    models: dict[str, int] = Field(default_factory=dict)
