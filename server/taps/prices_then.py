"""What the tiles of a kiosk's copy will cost once their own price's time is past, as far as it is known now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from server.promotions.cards import versions_of
from server.promotions.counter import Counter
from server.promotions.rules.versions import Json
from server.wire import PricesFrom, PriceThen, Tile


class PricesThen:
    """Gathers, look by look in order of time, each tile's next price: none is believed beyond `until`."""

    def __init__(self, small: Mapping[str, Tile], until: datetime) -> None:
        self._known = {product: one.true_until for product, one in small.items() if one.true_until}
        self._until = until
        self.told: list[PricesFrom] = []
        self.bodies: dict[str, Json] = {}
        """The documents the prices are made from, by their versions."""

    def note(self, counter: Counter, small: Mapping[str, Tile]) -> None:
        """Take note of the tiles of the counter's moment whose price before is true no longer by then."""
        at = counter.now
        if at >= self._until:
            return
        past = [one for product, one in small.items() if self._known.get(product, self._until) <= at]
        self._known |= {one.product_id: one.true_until for one in past if one.true_until}
        told = {one.product_id: then for one in past if (then := self._then(counter, one))}
        self.bodies |= counter.bodies()
        if told:
            self.told.append(PricesFrom(starts=at, prices=told))

    def _then(self, counter: Counter, tile: Tile) -> PriceThen | None:
        product = counter.goods.products[tile.product_id]
        variant, price = counter.shown(product, None)
        gone = product.withdrawn_at is not None and product.withdrawn_at <= counter.now
        if gone or variant is None or price is None or tile.true_until is None:
            return None
        until = min(tile.true_until, self._until)
        return PriceThen(price=price, true_until=until, versions=versions_of(counter, product, variant))
