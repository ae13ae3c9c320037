"""What the kiosk and the server say to each other: frozen types, no IO.

Texts are given in every language the shop has (`Text`), so that a shopper may change the language
with the server away. Money is integer minor units with its currency. Times are aware and in UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

MAX_BATCH = 500  # Taps the server takes in one batch.
MAX_BODY = 256 * 1024  # Bytes of body the server reads on any route of the API.
Text = dict[str, str]  # Language code (`es`, `en`) → words. Never empty where it is required.


def uuid7(now: datetime, luck: bytes) -> UUID:
    """Return the UUIDv7 (RFC 9562, section 5.7) of `now` (aware) and ten bytes of `luck`."""
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    noise = int.from_bytes(luck[:10], "big")
    value = (milliseconds << 80) | (0x7 << 76) | (((noise >> 64) & 0xFFF) << 64)
    return UUID(int=value | (0b10 << 62) | (noise & ((1 << 62) - 1)))


def words(text: Text, language: str) -> str:
    """Return `text` in `language`, else in English, else in any language it has; '' for no text at all."""
    return text.get(language) or text.get("en") or next(iter(text.values()), "")


Moment = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
Uid = Annotated[str, StringConstraints(pattern=r"^([0-9A-F]{2}){4,10}$")]
Gtin = Annotated[str, StringConstraints(pattern=r"^[0-9]{14}$")]


class Frozen(BaseModel):
    """A value that cannot change; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Money(Frozen):
    """An amount in minor units of `currency` (ISO 4217)."""

    minor: int
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Outcome(StrEnum):
    """What reading a tag came to. Foreign tags (bank cards) are never sent."""

    OK = "ok"
    EMPTY = "empty"
    NOT_NDEF = "not_ndef"
    MALFORMED = "malformed"
    UNREADABLE = "unreadable"


class Tap(BaseModel):
    """One tap as the kiosk saw it. Unknown fields of a newer kiosk are ignored.

    Either a tag (`uid`, with the `uri` written on it as a hint) or a tile touched on the screen
    (`picked`, a product id, with `cause` the tap whose suggestion it was).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    tap_id: UUID
    visit_id: UUID
    occurred_at: Moment
    epoch: UUID
    seq: Annotated[int, Field(ge=0, lt=2**53)]
    monotonic_ms: Annotated[int, Field(ge=0, lt=2**53)] = 0
    # How long the tap waited on the kiosk when it was sent; heals a wrong clock.
    age_ms: Annotated[int, Field(ge=0, lt=2**53)] = 0
    language: Annotated[str, StringConstraints(max_length=16)] = "en"
    uid: Uid | None = None
    uri: Annotated[str, StringConstraints(max_length=2048)] | None = None
    outcome: Outcome = Outcome.OK
    picked: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    cause: UUID | None = None
    chip: Annotated[str, StringConstraints(max_length=32)] | None = None  # In words: NTAG213.
    counter: Annotated[int, Field(ge=0, lt=2**24)] | None = None  # How often the chip says it was read.
    # The maker's signature over the UID, as the chip gives it; readers send it now and then.
    signature: Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f]{64}$")] | None = None


class Picture(Frozen):
    """A picture by its file name under `/media/` and what it shows."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+$")]
    alt: Text


class Offer(Frozen):
    """One promotion as told on the card: its headline, its condition if it has one, when it ends."""

    promotion_id: str
    headline: Text
    condition: Text | None = None
    ends_at: Moment | None = None


class PriceLine(Frozen):
    """The price here and now. `was` and `percent_off` are present only where a reduction may be announced."""

    now: Money
    was: Money | None = None  # The prior price: lowest of the 30 days before the reduction began.
    percent_off: int | None = None  # Whole percent on the prior price, rounded down.


class VariantLine(Frozen):
    """One size and colour of the product, as it stands in this store."""

    gtin: Gtin
    size: str | None = None
    colour: Text | None = None
    colour_code: str | None = None  # `#rrggbb`, for the swatch.
    in_stock: Annotated[int, Field(ge=0)]
    price: PriceLine | None


class Place(Frozen):
    """Where it stands in this store, in words."""

    zone: Text
    fixture: Text | None = None
    shelf: int | None = None


class Fact(Frozen):
    """A line of facts: material, weight, care…"""

    label: Text
    value: Text


class Tile(Frozen):
    """A product small enough to stand beside others; `reason` says why it stands there."""

    product_id: str
    name: Text
    picture: Picture | None
    price: PriceLine | None
    place: Place | None = None
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
    facts: tuple[Fact, ...] = ()
    stock_checked_at: Moment | None = None
    true_from: Moment
    true_until: Moment
    revision: int  # Revision of the shop's data the card was made from.


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


Card = Annotated[ProductCard | SignCard | UnknownCard, Field(discriminator="kind")]


class TapAnswer(Frozen):
    """The server's answer to one tap. `stored` tells that the tap is on the timeline for good."""

    tap_id: UUID
    stored: Literal["accepted", "duplicate"]
    card: Card
    goes_with: tuple[Tile, ...] = ()
    degraded: bool = False  # True where suggestions came from a fallback.
    server_time: Moment


class Refusal(Frozen):
    """A tap the server will never take, and why. The kiosk puts it aside."""

    tap_id: UUID | None
    index: int
    code: Literal["conflict", "invalid"]
    detail: str


class Batch(BaseModel):
    """Up to `MAX_BATCH` waiting taps; each is validated on its own, so that one bad tap holds up no other."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    taps: Annotated[list[dict[str, object]], Field(min_length=1, max_length=MAX_BATCH)]


class BatchAnswer(Frozen):
    """What became of each tap of a batch, by id. Only ids named here are settled."""

    accepted: tuple[UUID, ...]
    duplicates: tuple[UUID, ...]
    refused: tuple[Refusal, ...]
    server_time: Moment


class TagMeaning(Frozen):
    """What a tag means in this store, for the kiosk's own copy: the key of a card of the shelf."""

    uid: Uid
    card: str  # `product:<product_id>`, `product:<product_id>:<gtin>` or `sign:<sign_id>`.


class Shelf(Frozen):
    """This store's cards and bindings, for the kiosk to keep. Empty lists when nothing changed."""

    store: str
    revision: int
    unchanged: bool = False
    cards: dict[str, Card] = Field(default_factory=dict)
    goes_with: dict[str, tuple[Tile, ...]] = Field(default_factory=dict)
    tags: tuple[TagMeaning, ...] = ()
    media: tuple[str, ...] = ()  # Names of all pictures the cards use; their content never changes under one name.
    languages: tuple[str, ...] = ("en", "es")
    currency: str
    time_zone: str
    locale: str
    server_time: Moment


class Heartbeat(Frozen):
    """How a kiosk is, said every half minute."""

    version: str
    reader: Literal["ready", "missing", "fault"]
    reader_words: str = ""
    waiting: Annotated[int, Field(ge=0)]
    quarantined: int = 0
    last_tap_at: Moment | None = None
    screen_seen_s: float | None = None
    shelf_revision: int = 0
    boot_id: str


class StaffCall(Frozen):
    """A shopper asks for a person."""

    call_id: UUID
    visit_id: UUID
    occurred_at: Moment
    product_id: str | None = None


class DeskRead(Frozen):
    """A tag laid on a manager's desk reader: shown to the manager, never put on a customer's timeline."""

    read_id: UUID
    occurred_at: Moment
    uid: Uid
    uri: str | None = None
    outcome: Outcome = Outcome.OK
    product: str = ""  # What chip it is, in words: NTAG213.


class VisitEnd(Frozen):
    """A visit ended: by the shopper ("done") or by nobody being there ("idle")."""

    visit_id: UUID
    occurred_at: Moment
    how: Literal["done", "idle"]
