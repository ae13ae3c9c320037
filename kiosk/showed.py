"""What the kiosk showed of its own copy, told with the tap: evidence of prices no server was asked for. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kiosk.remembered import view_of
from kiosk.screen import Looking, Showing
from kiosk.shelf import ShelfCopy
from kiosk.sizes import LookedAt
from server.wire import PersonCard, PriceLine, ProductCard, Showed, ShownPrice, Tap, Tile, UnknownCard


def viewed(tap: Tap, shelf: ShelfCopy, now: datetime, *, before: LookedAt = ()) -> tuple[Showing | Looking, Tap]:
    """Return what to show of a tap before the server has said anything, and the tap telling of its prices.

    `before` are the variants this visit looked at until now.
    """
    view, told = view_of(tap, shelf, now, before=before)
    return view, _telling(told, view, shelf=shelf, now=now)


def _telling(tap: Tap, view: Showing | Looking, *, shelf: ShelfCopy, now: datetime) -> Tap:
    if isinstance(view, Looking) or isinstance(view.card, UnknownCard | PersonCard) or view.as_of is None:
        return tap
    prices = () if view.price_expired else tuple(_prices(view, shelf))
    if not prices:
        return tap
    showed = Showed(at=now, made_at=view.as_of, revision=view.card.revision, prices=prices)
    return tap.model_copy(update={"showed": showed})


def _prices(view: Showing, shelf: ShelfCopy) -> Iterator[ShownPrice]:
    card = view.card
    if isinstance(card, ProductCard) and card.price and not card.withdrawn:
        yield ShownPrice(
            product_id=card.product_id,
            gtin=card.gtin,
            true_from=card.true_from,
            true_until=card.true_until,
            versions=card.versions,
            **card.price.model_dump(exclude={"unit"}),
        )
    tiles: tuple[Tile, ...] = getattr(card, "tiles", ())
    for tile in (*tiles, *view.goes_with):
        until = tile.true_until or getattr(card, "true_until", None)
        if tile.price and until:
            yield _of_tile(tile, tile.price, until=until, card=shelf.card_of(tile.product_id))


def _of_tile(tile: Tile, price: PriceLine, *, until: datetime, card: ProductCard | None) -> ShownPrice:
    """Return a tile's price with what it was made from: the product's own card in the same copy names it."""
    same = card if card is not None and card.price == price else None
    return ShownPrice(
        product_id=tile.product_id,
        tile=True,
        true_from=same and same.true_from,
        true_until=until,
        versions=same and same.versions,
        **price.model_dump(exclude={"unit"}),
    )
