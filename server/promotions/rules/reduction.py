"""Which reduction may be announced: since when it runs, and the lowest price of the days before it began."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from server.promotions.prior_price import Step, lowest_before, percent_off
from server.promotions.rules.inputs import Inputs

MOMENT = timedelta(microseconds=1)
"""The shortest time there is."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """A reduction that may be announced: since when, the prior price, and the percentage on it, rounded down."""

    began: datetime
    prior: int
    percent: Decimal


def announced(inputs: Inputs, at: datetime, now: int) -> Reduction | None:
    """Return the reduction that may be announced at `at`; None where `now` is not below the prior price.

    A reduction begins when its price begins: one that changes is a new one, whose prior price is at most the one
    before. Only where the state took the option for progressive reductions, one that deepens goes on.
    """
    run = _run(inputs, at, now)
    began, price = next(run)
    for since, minor in run:
        if minor < price or at - since >= timedelta(days=inputs.prior.progressive_days):
            break
        began, price = since, minor
    prior = lowest_before(_asked(inputs, began), began, policy=inputs.prior, perishable=inputs.perishable)
    percent = None if prior is None else percent_off(prior, now)
    return Reduction(began, prior, percent) if prior is not None and percent is not None else None


def _run(inputs: Inputs, at: datetime, now: int) -> Iterator[Step]:
    """Yield, backward from the present one, the prices of the unbroken reduction that runs at `at`."""
    since, price = at, now
    for moment in _backward(inputs, at):
        shelf = inputs.shelf(moment)
        if shelf is None or not shelf.cuts:
            break
        if shelf.minor != price:
            yield since, price
        since, price = moment, shelf.minor
    yield since, price


def _backward(inputs: Inputs, at: datetime) -> Iterator[datetime]:
    """Yield the moments of change up to `at`, latest first, back to the first price."""
    span = timedelta(days=8)
    while at >= inputs.steps[0].at:
        yield from sorted(inputs.changes(at - span, at), reverse=True)
        at, span = at - span, span * 2


def _asked(inputs: Inputs, began: datetime) -> list[Step]:
    """Return what was really asked in the look-back before `began`, and just before it opened."""
    opened = began - timedelta(days=inputs.prior.days)
    moments = [opened - MOMENT, *sorted(inputs.changes(opened - MOMENT, began - MOMENT))]
    asked = [(moment, inputs.shelf(moment)) for moment in moments]
    return [(moment, shelf.minor) for moment, shelf in asked if shelf is not None]
