"""The prior price: lowest of the 30 days before a reduction began (Directive 98/6/EC, Article 6a)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

LOOK_BACK = timedelta(days=30)

Step = tuple[datetime, int]
"""From when on a price applied, and the price in minor units."""


def prior_price(steps: Sequence[Step], began: datetime, look_back: timedelta = LOOK_BACK) -> int | None:
    """Return the lowest price applied in `look_back` before `began`; None where there was none.

    `steps` are in order of time and hold what was really asked, earlier reductions included. A price set
    before the window that still applied when it opened counts; what applies from `began` on does not.
    """
    opened = began - look_back
    applied = [minor for at, minor in steps if opened < at < began]
    before = [minor for at, minor in steps if at <= opened]
    applied += before[-1:]
    return min(applied, default=None)


def percent_off(prior: int, now: int) -> Decimal | None:
    """Return the percentage that may be announced, rounded down to 0.1; None where there is no reduction.

    The percentage is on the prior price, not on the price just before (CJEU C-330/23, Aldi Süd).
    """
    if now >= prior or prior <= 0:
        return None
    return Decimal((prior - now) * 1000 // prior) / 10
