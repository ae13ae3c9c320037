"""What an effect takes off each unit it means, before floors: percentages, amounts, fixed prices, tiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from server.promotions.rules.distribute import distribute
from server.promotions.rules.money import rounded
from server.promotions.rules.policy import Policy, Stage
from server.promotions.rules.rule import Effect, Tier
from server.promotions.rules.units import Unit, total


def discount(minor: int, percent: Decimal, *, policy: Policy, stage: Stage) -> int:
    """Return what `percent` takes off `minor`: the stage says whether discount or price is rounded."""
    if stage.rounds == "discount":
        return rounded(minor * percent / 100, policy.rounding)
    return minor - rounded(minor * (100 - percent) / 100, policy.rounding)


def percent_cuts(percent: Decimal, units: Sequence[Unit], *, policy: Policy, stage: Stage) -> list[int]:
    """Return what a percentage takes off each unit, rounded where the policy says."""
    bases = [unit.minor if stage.base == "running" else unit.start for unit in units]
    if policy.round_at == "unit":
        return [discount(base, percent, policy=policy, stage=stage) for base in bases]
    cuts = [0] * len(units)
    for places in _rounded_together(units, policy):
        weights = [bases[i] for i in places]
        parts = distribute(
            discount(sum(weights), percent, policy=policy, stage=stage), weights, room=weights, policy=policy
        )
        for i, part in zip(places, parts, strict=True):
            cuts[i] = part
    return cuts


def _rounded_together(units: Sequence[Unit], policy: Policy) -> list[list[int]]:
    if policy.round_at == "list":
        return [list(range(len(units)))]
    lines: dict[int, list[int]] = defaultdict(list)
    for place, unit in enumerate(units):
        lines[unit.line].append(place)
    return list(lines.values())


def unit_cuts(effect: Effect, units: Sequence[Unit], currency: str, *, policy: Policy, stage: Stage) -> list[int]:
    """Return what a percent, an amount off or a fixed price takes off each unit."""
    if effect.kind == "percent" and effect.percent is not None:
        return percent_cuts(effect.percent, units, policy=policy, stage=stage)
    amount = effect.amounts.get(currency)
    if amount is None:
        return [0] * len(units)
    if effect.kind == "fixed_price":
        return [max(0, unit.minor - amount) for unit in units]
    return [amount] * len(units)


def list_cuts(effect: Effect, units: Sequence[Unit], currency: str, *, policy: Policy, stage: Stage) -> list[int]:
    """Return what an amount or percentage of all units, as they cost now, takes off each: parts of one whole."""
    whole = total(units)
    if effect.percent is not None:
        return spread(discount(whole, effect.percent, policy=policy, stage=stage), units, policy)
    return spread(min(whole, effect.amounts.get(currency, 0)), units, policy)


def spread(amount: int, units: Sequence[Unit], policy: Policy) -> list[int]:
    """Return parts of `amount` for the units, in their room: first over the lines, then over each line's units."""
    lines: dict[int, list[int]] = defaultdict(list)
    for place, unit in enumerate(units):
        lines[unit.line].append(place)
    rows = [[units[i] for i in places] for places in lines.values()]
    shares = distribute(
        amount, [total(row) for row in rows], room=[sum(u.room for u in row) for row in rows], policy=policy
    )
    within = policy.model_copy(update={"remainder": "first", "share_rounding": "down"})
    cuts = [0] * len(units)
    for places, row, share in zip(lines.values(), rows, shares, strict=True):
        parts = distribute(share, [unit.minor for unit in row], room=[unit.room for unit in row], policy=within)
        for i, part in zip(places, parts, strict=True):
            cuts[i] = part
    return cuts


def reached_tier(effect: Effect, units: Sequence[Unit], currency: str) -> Tier | None:
    """Return the highest tier the units reach: the last in order that holds."""
    held = None
    for tier in effect.tiers:
        needed = tier.reached.get(currency)
        if (tier.quantity is not None and len(units) >= tier.quantity) or (
            needed is not None and total(units) >= needed
        ):
            held = tier
    return held


def tier_cuts(effect: Effect, units: Sequence[Unit], currency: str, *, policy: Policy, stage: Stage) -> list[int]:
    """Return what the tier reached takes off each unit."""
    tier = reached_tier(effect, units, currency)
    if tier is None:
        return [0] * len(units)
    if tier.percent is not None:
        return percent_cuts(tier.percent, units, policy=policy, stage=stage)
    return [tier.amounts.get(currency, 0)] * len(units)
