"""What the kiosk shows of a tap from its own copy of the shelf, and what the tap tells of that."""

from __future__ import annotations

from datetime import datetime

from kiosk.of_prices import said_of_prices
from kiosk.screen import Looking, Showing
from kiosk.shelf import ShelfCopy
from kiosk.sizes import LookedAt, looked_at, said_in_size
from server.wire import ListThere, Tap, TileThere


def view_of(tap: Tap, shelf: ShelfCopy, now: datetime, *, before: LookedAt) -> tuple[Showing | Looking, Tap]:
    """Return what to show of a tap before the server has said anything, and the tap telling what it lists."""
    held = shelf.by_key(f"product:{tap.picked}", now) if tap.picked else shelf.by_tag(tap.uid or "", now)
    if held is None:
        return Looking(tap.tap_id), tap
    tiles = said_in_size(held.goes_with, looked_at(before, held.card), shelf=shelf, now=now)
    tiles = said_of_prices(tiles, shelf, now=now)
    view = Showing(tap.tap_id, held.card, tiles, live=False, as_of=held.as_of, price_expired=held.price_expired)
    if not tiles:
        return view, tap
    there = tuple(TileThere(product_id=one.product_id, reason=one.reason_kind or "") for one in tiles)
    return view, tap.model_copy(update={"listed": ListThere(model=held.model, tiles=there)})
