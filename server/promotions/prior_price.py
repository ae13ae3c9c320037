"""The prior price: lowest of the days before a reduction began (Directive 98/6/EC, Article 6a)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

LOOK_BACK = timedelta(days=30)

Step = tuple[datetime, int]
"""From when on a price applied, and the price in minor units."""


class PriorPolicy(BaseModel):
    """How long to look back, and which options of Article 6a the member state took. Check it with counsel."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: Annotated[int, Field(ge=1, le=3650)] = 30
    progressive_days: Annotated[int, Field(ge=0, le=3650)] = 0
    """6a(5): one that deepens without a break keeps its first prior price for so many days; 0: it does not."""
    perishables: Literal["same", "last_price"] = "same"
    """6a(3): for goods that spoil, the price just before may be the prior price."""
    perishable_categories: tuple[str, ...] = ()
    new_arrivals: Literal["shorter", "none"] = "shorter"
    """6a(4): goods on the market for less than the days look back as far as they can, or announce nothing."""
    price_ended_at_opening: bool = False
    """Whether a price that ended in the very moment the window opened still counts."""
    evidence_days: Annotated[int, Field(ge=0, le=36500)] = 0
    """How long the evidence of a price is kept after it was last true; 0: for ever. No price depends on it."""


EUROPE = PriorPolicy()
STATES = {"FI": PriorPolicy(progressive_days=60)}
"""Member states that differ, by ISO 3166 code. Finland: up to 60 days of one unbroken campaign."""


def prior_price(steps: Sequence[Step], began: datetime, look_back: timedelta = LOOK_BACK) -> int | None:
    """Return the lowest price applied in `look_back` before `began`; None where there was none.

    `steps` are in order of time and hold what was really asked, earlier reductions included. A price set
    before the window that still applied when it opened counts; what applies from `began` on does not.
    """
    return lowest_before(steps, began, policy=PriorPolicy(days=look_back.days))


def lowest_before(
    steps: Sequence[Step], began: datetime, *, policy: PriorPolicy, perishable: bool = False
) -> int | None:
    """Return the prior price of a reduction that began at `began`; None where none may be announced on it."""
    opened = began - timedelta(days=policy.days)
    earlier = [minor for at, minor in steps if at < began]
    if not earlier or (policy.new_arrivals == "none" and steps[0][0] > opened):
        return None
    if perishable and policy.perishables == "last_price":
        return earlier[-1]
    inside = [minor for at, minor in steps if opened <= at < began]
    before = [minor for at, minor in steps if at < opened]
    replaced = any(at == opened for at, _ in steps) and not policy.price_ended_at_opening
    return min(inside + ([] if replaced else before[-1:]))


def percent_off(prior: int, now: int) -> Decimal | None:
    """Return the percentage that may be announced, rounded down to 0.1; None where there is no reduction.

    The percentage is on the prior price, not on the price just before (CJEU C-330/23, Aldi Süd).
    """
    if now >= prior or prior <= 0:
        return None
    return Decimal((prior - now) * 1000 // prior) / 10
