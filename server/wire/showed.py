"""What a kiosk showed of its own copy of the shop: told with the tap, so that there is evidence of each price."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from server.wire.values import Frozen, Gtin, Moment, Money, Told, Whole

VersionHash = Annotated[Told, StringConstraints(max_length=32)]


class Versions(Frozen):
    """What a price was made from, each under the hash of what it says: the same versions give the same price."""

    catalogue: VersionHash
    prices: VersionHash
    promotions: VersionHash
    rules: VersionHash


class ShownPrice(BaseModel):
    """One price on the kiosk's screen, and until when it may stand there. What a newer kiosk adds is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    product_id: Annotated[Told, StringConstraints(min_length=1, max_length=64)]
    gtin: Gtin | None = None
    tile: bool = False  # It stood on a tile, not on the card itself.
    now: Money
    was: Money | None = None
    percent_off: int | None = None
    member: Money | None = None
    true_from: Moment | None = None
    true_until: Moment
    versions: Versions | None = None


class Showed(BaseModel):
    """What the kiosk showed before the server said anything: the price of the card, and those of the tiles."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    at: Moment  # By the clock the kiosk judged by whether a price was still true.
    made_at: Moment  # When the server made the copy.
    revision: Whole
    prices: Annotated[tuple[ShownPrice, ...], Field(min_length=1, max_length=50)]
