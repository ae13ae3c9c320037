"""What stands on the screen, as values: the page draws them and knows nothing of where a tap came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from kiosk.hand_over import Carry
from server.wire import Card, HomeLine, Purpose, Tile

KnownBy = Literal["card", "number", "app"]
"""By what we know who stands here. A number that is typed in on a phone proves nothing."""
OF_PRICE = frozenset({"reduced", "offered"})
"""Reasons of a tile's price and offers, which are true no longer than the price."""

NoticeKind = Literal["foreign", "collision", "hold_still", "not_known_offline"]


@dataclass(frozen=True, slots=True)
class Attract:
    """Nobody is here: ask for a tag."""


@dataclass(frozen=True, slots=True)
class Starting:
    """The agent has no shelf yet: getting ready."""


@dataclass(frozen=True, slots=True)
class Showing:
    """A card. `live` once the server has answered; until then it is the kiosk's own copy of `as_of`.

    `price_expired` is true where the card's time is past: the page then shows no price and says so.
    """

    tap_id: UUID
    card: Card
    goes_with: tuple[Tile, ...]
    live: bool
    as_of: datetime | None
    price_expired: bool = False
    member: bool = False
    """Whether the member's price is this shopper's."""
    forgotten: bool = False
    """Whether it was a card that nobody has any more, of which nothing is kept."""


def believed(tiles: Iterable[Tile], now: datetime) -> tuple[Tile, ...]:
    """Return the tiles, without the price of those whose time is past, nor what is said of that."""
    return tuple(_without_price(tile) if tile.true_until and tile.true_until <= now else tile for tile in tiles)


def _without_price(tile: Tile) -> Tile:
    reduced = {"reason": None, "reason_kind": None} if tile.reason_kind in OF_PRICE else {}
    return tile.model_copy(update={"price": None, **reduced})


@dataclass(frozen=True, slots=True)
class Looking:
    """A tag the kiosk has no card for; the server was asked."""

    tap_id: UUID


@dataclass(frozen=True, slots=True)
class Notice:
    """A short message that needs no server: not a product tag, two tags at once, hold it still."""

    kind: NoticeKind
    tap_id: UUID | None = None


View = Attract | Starting | Showing | Looking | Notice


@dataclass(frozen=True, slots=True)
class ScreenState:
    """All the page needs to draw itself. `number` rises by one with each change."""

    number: int
    view: View
    language: str
    warning_seconds: int | None = None
    """Seconds left in which one touch keeps the visit; None while no warning stands."""
    offline_since: datetime | None = None
    reader_words: str = ""
    """Which readers do not work, or why the server refuses us, for staff to read; '' while tapping works."""
    staff_called: Literal["", "on_the_way", "cannot_reach"] = ""
    agreed: tuple[Purpose, ...] | None = None
    """What whoever is known here agrees to; None where nobody is."""
    known_by: KnownBy = "card"
    choice_lost: bool = False
    """Whether what was chosen last could not be told to the server, and so does not hold."""
    choice_waits: bool = False
    """Whether a no holds here and is still to be told to the server."""
    story: bool = False
    """Whether the team may see what was looked at in this visit."""
    kept: tuple[str, ...] = ()
    """Product ids seen in this visit, latest last."""
    variants: tuple[tuple[str, str], ...] = ()
    """Variants looked at in this visit, each with its product, latest last."""
    from_home: tuple[HomeLine, ...] = ()
    """The list the holder of the card that was tapped made at home; empty for nobody's."""
    carry: Carry | None = None
    """The visit's hand-over to the shopper's phone, in front of the view; None while there is none."""
