"""What a kiosk tells of a list it showed from memory."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from server.wire.values import Told, Whole


class TileThere(BaseModel):
    """A tile that stood in a kiosk's list, and why. Unknown fields of a newer kiosk are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    product_id: Annotated[Told, StringConstraints(min_length=1, max_length=64)]
    reason: Annotated[Told, StringConstraints(max_length=32)] = ""


class ListThere(BaseModel):
    """What a kiosk listed from memory beside a card, first place first; `model` is the version it was made by."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    model: Whole = 0
    tiles: Annotated[tuple[TileThere, ...], Field(min_length=1, max_length=12)]
