"""Which price is asked where price lists and a store's own prices meet, and what was asked over time.

The rule: of the lists in force, those of the store go before the chain's, then the one that began last, then the
one whose id comes last. Where none names the variant, the store's own price holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from server.catalogue.rules import ListPrice, price_at
from server.promotions.window import instant

Amounts = tuple[int, int | None, int]
"""A price, what members pay, and the floor, in minor units."""


@dataclass(frozen=True, slots=True)
class Validity:
    """A price list as prices see it: whose it is, and its window in the store's local time, `[starts, ends)`."""

    id: str
    store_id: str | None
    currency: str
    starts: datetime
    ends: datetime | None = None

    def holds_in(self, store_id: str, currency: str) -> bool:
        """Return whether it is for the store at all: an amount in another currency is no price there."""
        return self.store_id in {None, store_id} and self.currency == currency


@dataclass(frozen=True, slots=True)
class Listed:
    """The price of a variant on a list, in one store: `[since, until)` in UTC."""

    since: datetime
    until: datetime | None
    own: bool
    list_id: str
    price: ListPrice

    @classmethod
    def on(cls, validity: Validity, zone: ZoneInfo, amounts: Amounts) -> Listed:
        """Return a list's price in a store of that zone."""
        since, until = instant(validity.starts, zone), instant(validity.ends, zone) if validity.ends else None
        return cls(since, until, validity.store_id is not None, validity.id, ListPrice(since, *amounts))

    @property
    def rank(self) -> tuple[bool, datetime, str]:
        """Return its place among others; the greatest wins."""
        return self.own, self.since, self.list_id

    def in_force(self, at: datetime) -> bool:
        """Return whether it holds at a moment."""
        return self.since <= at and (self.until is None or at < self.until)


def asked(steps: Sequence[ListPrice], listed: Sequence[Listed]) -> list[ListPrice]:
    """Return what was and will be asked: the store's own `steps` with the listed prices over them, in time."""
    if not listed:
        return list(steps)
    edges = {one.since for one in listed} | {one.until for one in listed if one.until}
    found: list[ListPrice] = []
    for at in sorted(edges | {step.at for step in steps}):
        step = replace(_asked_at(steps, listed, at), at=at)
        if not found or replace(step, at=found[-1].at) != found[-1]:
            found.append(step)
    return found


def _asked_at(steps: Sequence[ListPrice], listed: Sequence[Listed], at: datetime) -> ListPrice:
    wins = max((one for one in listed if one.in_force(at)), key=lambda one: one.rank, default=None)
    if wins is not None:
        return wins.price
    return price_at(steps, at) or ListPrice(at, 0, gone=True)
