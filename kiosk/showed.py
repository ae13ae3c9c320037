"""What the kiosk showed of its own copy, told with the tap: evidence of prices no server was asked for. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kiosk.remembered import view_of
from kiosk.screen import Looking, Showing
from kiosk.shelf import ShelfCopy
from kiosk.sizes import LookedAt
from server.wire import PersonCard, PriceLine, ProductCard, Showed, ShownPrice, Tap, Tile, UnknownCard, Versions


def viewed(tap: Tap, shelf: ShelfCopy, now: datetime, *, before: LookedAt = ()) -> tuple[Showing | Looking, Tap]:
    """Return what to show of a tap before the server has said anything, and the tap telling of its prices.

    `before` are the variants this visit looked at until now.
    """
    view, told = view_of(tap, shelf, now, before=before)
    return view, _telling(told, view, shelf=shelf, now=now)


def _telling(tap: Tap, view: Showing | Looking, *, shelf: ShelfCopy, now: datetime) -> Tap:
    if isinstance(view, Looking) or isinstance(view.card, UnknownCard | PersonCard) or view.as_of is None:
        return tap
    prices = tuple(_prices(view, shelf))
    if not prices:
        return tap
    showed = Showed(at=now, made_at=view.as_of, revision=view.card.revision, prices=prices)
    return tap.model_copy(update={"showed": showed})


def _prices(view: Showing, shelf: ShelfCopy) -> Iterator[ShownPrice]:
    card, told = view.card, not view.price_expired
    if told and isinstance(card, ProductCard) and card.price and not card.withdrawn:
        yield ShownPrice(
            product_id=card.product_id,
            gtin=card.gtin,
            true_from=card.true_from,
            true_until=card.true_until,
            versions=card.versions,
            **card.price.model_dump(exclude={"unit"}),
        )
    tiles: tuple[Tile, ...] = getattr(card, "tiles", ()) if told else ()
    for tile in (*tiles, *(one for one in view.goes_with if told or one.true_until)):
        until = tile.true_until or getattr(card, "true_until", None)
        if tile.price and until:
            yield _of_tile(tile, tile.price, until=until, shelf=shelf)


def _of_tile(tile: Tile, price: PriceLine, *, until: datetime, shelf: ShelfCopy) -> ShownPrice:
    since, versions = _made_from(tile, price, shelf)
    return ShownPrice(
        product_id=tile.product_id,
        tile=True,
        true_from=since,
        true_until=until,
        versions=versions,
        **price.model_dump(exclude={"unit"}),
    )


def _made_from(tile: Tile, price: PriceLine, shelf: ShelfCopy) -> tuple[datetime | None, Versions | None]:
    """Return since when a tile's price is true and what it was made from, where the same copy names that.

    It stands beside the price, where that was to come when the copy was made, else on the product's own card.
    """
    for turn in (shelf.shelf and shelf.shelf.prices) or ():
        then = turn.prices.get(tile.product_id)
        if then is not None and (then.price, then.true_until) == (price, tile.true_until):
            return turn.starts, then.versions
    card = shelf.card_of(tile.product_id)
    return (card.true_from, card.versions) if card is not None and card.price == price else (None, None)
