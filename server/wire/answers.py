"""What the server answers: to one tap, to a batch of them, and with the whole shelf of a store."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from server.wire.cards import Card, Open, Tile
from server.wire.remembered import ListsFrom, PricesFrom
from server.wire.values import Frozen, Moment, Text, Uid

MAX_BATCH = 500  # Taps the server takes in one batch.


class TapAnswer(Frozen):
    """The server's answer to one tap. `stored` tells that the tap is on the timeline for good."""

    tap_id: UUID
    stored: Literal["accepted", "duplicate"]
    card: Card
    goes_with: tuple[Tile, ...] = ()
    member: bool = False  # True where the member's price is this shopper's.
    degraded: bool = False  # True where suggestions came from a fallback.
    # A card nobody has any more: nothing of the tap stays on the kiosk. Left out for kiosks that do not know it.
    forget: bool = False
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
    # Taps of a customer's card: of these nothing stays on the kiosk. Left out for kiosks that do not know it.
    forget: tuple[UUID, ...] = ()


class TagMeaning(Frozen):
    """What a tag means in this store, for the kiosk's own copy: the key of a card of the shelf."""

    uid: Uid
    card: str  # `product:<product_id>`, `product:<product_id>:<gtin>` or `sign:<sign_id>`.


class SizesHere(Frozen):
    """Products that come in sizes, by families in which a size means the same, and what to say of one's size."""

    words: Text
    families: tuple[tuple[str, ...], ...]


class OfferedThere(Frozen):
    """Products that are part of an offer in `[starts, ends)`, or until `ends` where it runs already."""

    products: tuple[str, ...]
    starts: Moment | None = None
    ends: Moment


class OffersHere(Frozen):
    """What is part of an offer that anyone can meet, as far as the shelf looks ahead, and what to say of it."""

    words: Text
    times: tuple[OfferedThere, ...]


class Shelf(Frozen):
    """This store's cards and bindings, for the kiosk to keep. Empty lists when nothing changed."""

    store: str
    revision: int
    unchanged: bool = False
    cards: dict[str, Card] = Field(default_factory=dict)
    goes_with: dict[str, tuple[Tile, ...]] = Field(default_factory=dict)
    models: dict[str, int] = Field(default_factory=dict)  # Version of the model each list is of; 0 for none.
    later: tuple[ListsFrom, ...] = ()  # Lists that are others from a moment on; a kiosk asks for them.
    sizes: SizesHere | None = None  # A kiosk asks for them.
    offers: OffersHere | None = None  # A kiosk asks for them.
    # What to say of a tile whose own price is reduced: its list gives other reasons then. A kiosk asks for it.
    reduced: Text | None = None
    # What tiles cost once their own price's time is past, in order of time. A kiosk asks for it.
    prices: tuple[PricesFrom, ...] | None = None
    tags: tuple[TagMeaning, ...] = ()
    media: tuple[str, ...] = ()  # Names of all pictures the cards use; their content never changes under one name.
    languages: tuple[str, ...] = ("en", "es")
    currency: str
    time_zone: str
    locale: str
    opens: tuple[Open, ...] = ()  # When the store is open in the days to come; none where nobody has said.
    server_time: Moment
