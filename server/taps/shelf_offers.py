"""What a kiosk needs to say on its own that something is part of an offer: which goods, and in which times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from server.recommendations.rules import ReasonKind
from server.recommendations.shop_prices import ShopPrices
from server.taps.rules import reason_words
from server.wire import OfferedThere, OffersHere


def offers_here(told: Sequence[ShopPrices]) -> OffersHere:
    """Return when each product is part of an offer, by prices in order of time, and the words of the reason."""
    gathered: dict[tuple[datetime | None, datetime], list[str]] = {}
    for product in sorted(frozenset().union(*(one.offered for one in told))):
        for stretch in _stretches(product, told):
            gathered.setdefault(stretch, []).append(product)
    times = (OfferedThere(products=tuple(those), starts=a, ends=b) for (a, b), those in gathered.items())
    return OffersHere(words=reason_words(ReasonKind.OFFERED, None), times=tuple(times))


def _stretches(product: str, told: Sequence[ShopPrices]) -> Iterator[tuple[datetime | None, datetime]]:
    starts: datetime | None = None
    for number, one in enumerate(told):
        following = told[number + 1] if number + 1 < len(told) else None
        if product not in one.offered:
            starts = one.until
        elif following is None or product not in following.offered:
            yield starts, one.until
