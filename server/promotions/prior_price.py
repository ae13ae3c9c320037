"""The prior price: lowest of the 30 days before a reduction began (Directive 98/6/EC, Article 6a)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

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


def percent_off(prior: int, now: int) -> int | None:
    """Return the whole percent that may be announced, rounded down; None where there is no reduction of 1 %.

    The percentage is on the prior price, not on the price just before (CJEU C-330/23, Aldi Süd).
    """
    if now >= prior or prior <= 0:
        return None
    return (prior - now) * 100 // prior or None
