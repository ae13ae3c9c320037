"""What stands on the shopper's screen: products, signs, and what goes with them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from server.wire.people import PersonCard
from server.wire.showed import Versions
from server.wire.taps import Outcome
from server.wire.values import Frozen, Gtin, Moment, Money, Text


class Picture(Frozen):
    """A picture by its file name under `/media/` and what it shows."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+$")]
    alt: Text


class Offer(Frozen):
    """One promotion as told on the card: its headline, its condition if it has one, when it ends."""

    promotion_id: str
    headline: Text
    condition: Text | None = None
    hint: Text | None = None  # What is missing for it to apply, and how much; None where it applies.
    ends_at: Moment | None = None


class UnitPrice(Frozen):
    """The price of one base unit, of the price that is shown."""

    money: Money
    per: Literal["kg", "l", "m", "m2", "piece"]


USUAL_DAYS = (
    30  # How far back a prior price looks where a price line does not say (Directive 98/6/EC, article 6a).
)


class PriceLine(Frozen):
    """The price here and now. `was` and `percent_off` are present only where a reduction may be announced."""

    now: Money
    was: Money | None = None  # The prior price: lowest of the days before the reduction began.
    # How many days those are where not the usual; 0 where it is the price just before. Left out where it says
    # nothing: a kiosk of 0.5.0 refuses a card with it, and always says the usual.
    was_days: int | None = Field(default=None, exclude_if=lambda days: days is None)
    percent_off: int | None = None  # Whole percent on the prior price, rounded down.
    member: Money | None = None  # What members pay, where it is less: stands beside the public price, labelled.
    unit: UnitPrice | None = None


class Fact(Frozen):
    """A line of facts: material, weight, care…"""

    label: Text
    value: Text


class VariantLine(Frozen):
    """One size and colour of the product, as it stands in this store."""

    gtin: Gtin
    size: str | None = None
    colour: Text | None = None
    colour_code: str | None = None  # `#rrggbb`, for the swatch.
    axes: tuple[Fact, ...] = ()  # What else it differs by: length, fit…
    in_stock: Annotated[int, Field(ge=0)]
    price: PriceLine | None


class Place(Frozen):
    """Where it stands in this store, in words."""

    zone: Text
    fixture: Text | None = None
    shelf: int | None = None


class Open(Frozen):
    """A stretch of time in which a store is open, `[begins, ends)`."""

    begins: Moment
    ends: Moment


class Elsewhere(Frozen):
    """A store nearby that has some of what is missing here, as it was counted there."""

    store: str
    metres: Annotated[int, Field(ge=0)]  # As the crow flies.
    gtins: tuple[Gtin, ...]
    counted_at: Moment
    opens: tuple[Open, ...] = ()  # In the days to come; none where nobody has said its hours.
    time_zone: str = "UTC"  # By whose clock its hours are told.


class ReadOn(Frozen):
    """A page about the product, for the shopper's own phone: a kiosk opens none."""

    kind: str  # A link type of the GS1 Web Vocabulary: dpp, sustainabilityInfo, instructions…
    address: str


class Tile(Frozen):
    """A product small enough to stand beside others; `reason` says why it stands there."""

    product_id: str
    name: Text
    picture: Picture | None
    price: PriceLine | None
    place: Place | None = None
    true_until: Moment | None = None  # When its price may be another.
    reason: Text | None = None
    reason_kind: str | None = None


class ProductCard(Frozen):
    """What the shopper sees of a product, true in `[true_from, true_until)`."""

    kind: Literal["product"] = "product"
    product_id: str
    gtin: Gtin | None  # The variant the tag means; None where the tag means the product as a whole.
    name: Text
    brand: str
    summary: Text
    notice: Text | None = None  # The manager's words, first on the card: withdrawn, recalled.
    withdrawn: bool = False
    pictures: tuple[Picture, ...]
    price: PriceLine | None  # None where this store has no price for it: the card says to ask staff.
    offers: tuple[Offer, ...] = ()
    variants: tuple[VariantLine, ...] = ()
    place: Place | None = None
    elsewhere: tuple[Elsewhere, ...] = ()  # Nearest first; only for variants that are missing here.
    facts: tuple[Fact, ...] = ()
    read_on: tuple[ReadOn, ...] = ()
    stock_checked_at: Moment | None = None
    true_from: Moment
    true_until: Moment
    revision: int  # Revision of the shop's data the card was made from.
    versions: Versions | None = None  # Of the price on the card; None where there is none.


class SignCard(Frozen):
    """What the shopper sees of a sign: a collection or campaign."""

    kind: Literal["sign"] = "sign"
    sign_id: str
    title: Text
    body: Text
    picture: Picture | None = None
    tiles: tuple[Tile, ...]
    true_from: Moment
    true_until: Moment
    revision: int


class UnknownCard(Frozen):
    """A tag that means nothing here yet, or could not be read."""

    kind: Literal["unknown"] = "unknown"
    outcome: Outcome = Outcome.OK


Card = Annotated[ProductCard | SignCard | UnknownCard | PersonCard, Field(discriminator="kind")]
