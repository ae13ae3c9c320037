"""A price decision. `decide` is the one way to a price: it looks at nothing but its inputs and the moment.

So whichever process asks, on whichever day, the same inputs give the same price.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from server.catalogue.rules import price_at
from server.promotions.rules.inputs import Inputs
from server.promotions.rules.pricing import ShelfPrice
from server.promotions.rules.reduction import Reduction, announced
from server.promotions.rules.situation import MEMBERS, Shopper
from server.promotions.window import whole_day


@dataclass(frozen=True, slots=True)
class Decision:
    """The price of one unit on the card, what members pay where it is less, and what may be announced."""

    minor: int
    list_minor: int
    member: int | None
    shelf: ShelfPrice
    reduction: Reduction | None

    @property
    def percent_off(self) -> int:
        """Return the whole percent that may be announced, 0 for none."""
        return int(self.reduction.percent) if self.reduction else 0


def decide(inputs: Inputs, at: datetime) -> Decision | None:
    """Return the price at a moment; None where there is none yet."""
    step, shelf = price_at(inputs.steps, at), inputs.shelf(at)
    if step is None or shelf is None:
        return None
    reduction = announced(inputs, at, shelf.minor) if shelf.cuts else None
    return Decision(shelf.minor, step.minor, member_price(inputs, at, shelf.minor), shelf, reduction)


def member_price(inputs: Inputs, at: datetime, public: int) -> int | None:
    """Return what members pay where it is less than the public price, never below the floor."""
    step = price_at(inputs.steps, at)
    offers = [] if step is None or step.member is None else [max(step.member, step.floor)]
    if any(MEMBERS in promotion.rule.segments for promotion in inputs.shelf_promotions):
        theirs = inputs.shelf(at, Shopper(frozenset({MEMBERS})))
        offers += [theirs.minor] if theirs else []
    best = min(offers, default=public)
    return best if best < public else None


def true_in(inputs: Inputs, at: datetime) -> tuple[datetime, datetime]:
    """Return the interval `[from, until)` around `at` in which the decision stays what it is.

    It lasts from the beginning of the store's day at most to the end of its tomorrow: without the server no price
    is believed longer.
    """
    zone = inputs.place.zone
    today = whole_day(at.astimezone(zone).date(), zone)[0]
    cap = believed_until(at, zone)
    changes = inputs.changes(today, cap) | _first_prices_end(inputs, today, cap)
    since = max((change for change in changes if change <= at), default=today)
    return since, min((change for change in changes if change > at), default=cap)


def believed_until(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the end of a store's tomorrow: without the server no price is believed longer."""
    return whole_day(at.astimezone(zone).date() + timedelta(days=1), zone)[1]


def _first_prices_end(inputs: Inputs, after: datetime, until: datetime) -> set[datetime]:
    """Return when a progressive reduction may lose its first prior price."""
    kept = timedelta(days=inputs.prior.progressive_days)
    return {change + kept for change in inputs.changes(after - kept, until - kept)} if kept else set()
