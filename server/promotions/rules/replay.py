"""What past lists would have cost under another promotion or policy: the same engine, the same moments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from server.promotions.rules.inputs import Inputs
from server.promotions.rules.policy import Policy
from server.promotions.rules.pricing import Line, price_list
from server.promotions.rules.running import Running, in_store, names

Bought = Sequence[tuple[Inputs, int]]
"""Variants with what their prices are made from, and how many of each; all of one store."""
Change = Callable[[Inputs], Inputs]


@dataclass(frozen=True, slots=True)
class Past:
    """A list, or a card, as it was looked at."""

    key: str
    at: datetime
    bought: Bought


@dataclass(frozen=True, slots=True)
class Changed:
    """A past list that would have cost something else, in minor units."""

    key: str
    was: int
    would_be: int


def replay(lists: Iterable[Past], change: Change) -> Iterator[Changed]:
    """Yield the lists whose cost the change would have changed."""
    for past in lists:
        was = cost(past.bought, past.at)
        would_be = cost([(change(inputs), quantity) for inputs, quantity in past.bought], past.at)
        if was != would_be:
            yield Changed(past.key, was, would_be)


def cost(bought: Bought, at: datetime) -> int:
    """Return what a list costs an anonymous shopper at a moment; what has no price then costs nothing."""
    priced = [(wanted, quantity, inputs) for inputs, quantity in bought if (wanted := inputs.priced(at))]
    if not priced:
        return 0
    first = priced[0][2]
    promotions = {(p.id, p.version): p for _, _, inputs in priced for p in inputs.promotions}
    lines = [Line(wanted, quantity) for wanted, quantity, _ in priced]
    situation = first.place.situation(at)
    return price_list(lines, list(promotions.values()), situation=situation, policy=first.policy).total


def with_promotion(promotion: Running) -> Change:
    """Return the change that puts a promotion in force, in place of all versions of the one of its name."""

    def change(inputs: Inputs) -> Inputs:
        others = without(promotion.id)(inputs)
        place = inputs.place
        here = in_store(promotion.rule, place.store_id, place.regions)
        if not (here and names(promotion.rule, inputs.wanted)):
            return others
        return replace(others, promotions=[*others.promotions, promotion])

    return change


def without(promotion_id: str) -> Change:
    """Return the change that takes a promotion away."""

    def change(inputs: Inputs) -> Inputs:
        return replace(inputs, promotions=[p for p in inputs.promotions if p.id != promotion_id])

    return change


def with_policy(policy: Policy) -> Change:
    """Return the change that combines and rounds by another policy."""
    return lambda inputs: replace(inputs, policy=policy)


def combined(way: str) -> Change:
    """Return the change that combines promotions in another way, and leaves the rest of each policy as it is."""
    return lambda inputs: replace(inputs, policy=inputs.policy.model_copy(update={"combine": way}))
