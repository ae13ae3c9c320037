"""What is here in a size looked at in this visit, told by the kiosk's own copy while the server is away. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from kiosk import offers
from kiosk.shelf import ShelfCopy
from server.wire import Card, ProductCard, Tile

MOST = 4
"""Variants of a visit that are looked back on, as the server does."""

IN_SIZE = "in_size"
OUTWEIGHED = offers.OUTWEIGHED | {"reduced"}
"""Reasons that say less; in the server's answers, too, the size comes before a reduced price."""

LookedAt = tuple[tuple[str, str], ...]
"""Variants of a visit, each with its product, the latest last."""


def looked_at(before: LookedAt, card: Card | None) -> LookedAt:
    """Return the variants of a visit with that of a card, where it is of one."""
    if not isinstance(card, ProductCard) or card.gtin is None:
        return before
    own = (card.product_id, card.gtin)
    return (*(one for one in before if one != own), own)[-MOST:]


def said_in_size(
    tiles: Sequence[Tile], variants: LookedAt, *, shelf: ShelfCopy, now: datetime
) -> tuple[Tile, ...]:
    """Return the same tiles, where it is so with the reason that one is here in the size looked at.

    Nothing is said of a product whose card's time is past, nor with the copy of a server that tells no families.
    """
    sizes = shelf.shelf.sizes if shelf.shelf else None
    if sizes is None or not variants:
        return tuple(tiles)
    known = dict(_sizes(variants, sizes.families, shelf))
    here = {
        product
        for family, size in known.items()
        for product in sizes.families[family]
        if _here(shelf.card_of(product), size, now)
    }
    said = {"reason": sizes.words, "reason_kind": IN_SIZE}
    return tuple(
        tile.model_copy(update=said) if tile.product_id in here and tile.reason_kind in OUTWEIGHED else tile
        for tile in tiles
    )


def _sizes(variants: LookedAt, families: Sequence[Iterable[str]], shelf: ShelfCopy) -> Iterator[tuple[int, str]]:
    """Yield the size looked at by the number of its family, the latest last; none of what comes in one size."""
    for product, gtin in variants:
        card = shelf.card_of(product)
        sizes = {one.gtin: one.size for one in card.variants if one.size} if card else {}
        size = sizes.get(gtin)
        if size is not None and len(set(sizes.values())) > 1:
            yield from ((number, size) for number, family in enumerate(families) if product in family)


def _here(card: ProductCard | None, size: str, now: datetime) -> bool:
    if card is None or card.withdrawn or card.true_until <= now:
        return False
    return any(one.size == size and one.in_stock and one.price for one in card.variants)
