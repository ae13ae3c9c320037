"""The kiosk's own copy of its store: cards, what goes with them, what tags mean, pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from kiosk.prices_then import priced_at
from kiosk.screen import believed
from server.wire import Card, ListsFrom, PersonCard, ProductCard, Shelf, Tile, UnknownCard


@dataclass(frozen=True, slots=True)
class Remembered:
    """A card as the kiosk remembers it, and whether its price may still be shown."""

    card: Card
    goes_with: tuple[Tile, ...]
    as_of: datetime
    price_expired: bool
    model: int = 0
    """The version of the model that made the list, 0 for none."""


class ShelfCopy:
    """The shelf in memory and on disk; a copy that cannot be read is as none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._media = folder / "media"
        self._media.mkdir(parents=True, exist_ok=True)
        self.shelf: Shelf | None = self._from_disk()
        self._tags = _tags(self.shelf)

    def _from_disk(self) -> Shelf | None:
        try:
            return Shelf.model_validate_json((self._folder / "shelf.json").read_bytes())
        except (OSError, ValidationError):
            return None

    @property
    def revision(self) -> int:
        """Return the revision held, -1 for none."""
        return self.shelf.revision if self.shelf else -1

    def take(self, shelf: Shelf) -> None:
        """Keep a new shelf, on disk first."""
        fresh = self._folder / "shelf.new"
        fresh.write_text(shelf.model_dump_json(), "utf-8")
        fresh.replace(self._folder / "shelf.json")
        self.shelf, self._tags = shelf, _tags(shelf)

    def stale(self, now: datetime) -> bool:
        """Return whether some card's time is past."""
        cards = self.shelf.cards.values() if self.shelf else ()
        return any(not isinstance(card, UnknownCard | PersonCard) and card.true_until <= now for card in cards)

    def by_tag(self, uid: str, now: datetime) -> Remembered | None:
        """Return what the tag means as far as the kiosk remembers."""
        key = self._tags.get(uid)
        return self.by_key(key, now) if key else None

    def by_key(self, key: str, now: datetime) -> Remembered | None:
        """Return the card kept under a key."""
        card = self.shelf.cards.get(key) if self.shelf else None
        if self.shelf is None or card is None or isinstance(card, UnknownCard | PersonCard):
            return None
        goes_with, model = listed_at(self.shelf, card.product_id, now) if card.kind == "product" else ((), 0)
        expired, as_of = card.true_until <= now, self.shelf.server_time
        tiles = believed(priced_at(goes_with, self.shelf, now), now)
        return Remembered(card, tiles, as_of, price_expired=expired, model=model)

    def card_of(self, product_id: str) -> ProductCard | None:
        """Return the card of a product as a whole, whatever its time."""
        card = self.shelf.cards.get(f"product:{product_id}") if self.shelf else None
        return card if isinstance(card, ProductCard) else None

    def missing_pictures(self) -> list[str]:
        """Return the names of pictures not here yet."""
        return [name for name in (self.shelf.media if self.shelf else ()) if not (self._media / name).exists()]

    def keep_picture(self, name: str, content: bytes) -> None:
        """Keep a picture."""
        fresh = self._media / f".{name}.new"
        fresh.write_bytes(content)
        fresh.replace(self._media / name)

    def picture(self, name: str) -> Path | None:
        """Return the file of a picture that is here."""
        path = self._media / name
        return path if path.parent == self._media and path.is_file() else None


def listed_at(shelf: Shelf, product_id: str, now: datetime) -> tuple[tuple[Tile, ...], int]:
    """Return what goes with a product at a moment, as far as the shelf looks ahead, and the model it is of."""
    lists: ListsFrom | Shelf = shelf
    for turn in shelf.later:
        if turn.starts <= now and product_id in turn.goes_with:
            lists = turn
    return lists.goes_with.get(product_id, ()), lists.models.get(product_id, 0)


def _tags(shelf: Shelf | None) -> dict[str, str]:
    return {tag.uid: tag.card for tag in shelf.tags} if shelf else {}
