"""One promotion worked out on units: what it takes off each, and what it would need to do more than nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.promotions.rules.choose import choose, scope_of
from server.promotions.rules.condition import MoreMoney, MoreUnits, Need
from server.promotions.rules.policy import Policy, Stage
from server.promotions.rules.reduce import list_cuts, reached_tier, tier_cuts, unit_cuts
from server.promotions.rules.rule import ONE_UNIT, Effect
from server.promotions.rules.running import Running
from server.promotions.rules.units import Unit, meant, total
from server.promotions.rules.verdict import Blocked


@dataclass(frozen=True, slots=True)
class Ground:
    """What all promotions of a stage share."""

    currency: str
    policy: Policy
    stage: Stage


def apply(promotion: Running, units: Sequence[Unit], ground: Ground) -> tuple[int, list[Need]]:
    """Take off what the promotion takes; return the sum, and what is missing where an effect did nothing."""
    taken, needs = 0, []
    for effect in promotion.rule.effects:
        pool = pool_of(effect, units, ground.currency, skip_reduced=promotion.rule.skip_reduced)
        if effect.kind in ONE_UNIT or effect.kind == "tiers":
            cuts = _one_by_one(effect, pool, ground)
            taken += sum(unit.take(promotion.id, cut, effect.on) for unit, cut in zip(pool, cuts, strict=True))
            needs += _next_tier(effect, pool, ground.currency)
        elif effect.kind != "message":
            free = [unit for unit in pool if unit.room and not (unit.counted and ground.policy.consume)]
            chosen = choose(effect, free, currency=ground.currency, policy=ground.policy)
            taken += sum(unit.take(promotion.id, cut) for unit, cut in chosen.cuts)
            needs += [MoreUnits(more, scope) for scope, more in chosen.missing]
            for unit in chosen.counted:
                unit.counted = True
    return taken, needs


def _one_by_one(effect: Effect, pool: Sequence[Unit], ground: Ground) -> list[int]:
    make = tier_cuts if effect.kind == "tiers" else list_cuts if effect.on == "list" else unit_cuts
    return make(effect, pool, ground.currency, policy=ground.policy, stage=ground.stage)


def pool_of(effect: Effect, units: Sequence[Unit], currency: str, *, skip_reduced: bool = False) -> list[Unit]:
    """Return the units an effect may count or reduce, in the order of the list."""
    return [
        unit
        for unit in units
        if any(meant(scope, unit, currency, skip_reduced=skip_reduced) for scope in effect.goods)
    ]


def _next_tier(effect: Effect, pool: Sequence[Unit], currency: str) -> list[Need]:
    if effect.kind != "tiers" or reached_tier(effect, pool, currency) is not None:
        return []
    first, goods = effect.tiers[0], scope_of(effect)
    if first.quantity is not None:
        return [MoreUnits(first.quantity - len(pool), goods)]
    needed = first.reached.get(currency)
    return [] if needed is None else [MoreMoney(needed - total(pool), currency, goods)]


def blocked(promotion: Running, units: Sequence[Unit], currency: str) -> Blocked:
    """Return why a promotion that is due takes nothing off any unit."""
    rule = promotion.rule
    named = [unit for unit in units if pool_of(rule, [unit.unlocked()], currency)]
    if named and not any(unit.wanted.discountable for unit in named):
        return "not_discountable"
    if named and rule.skip_reduced and all(u.shelf_reduced or u.wanted.already_reduced for u in named):
        return "already_reduced"
    if rule.kind.startswith("fixed") and currency not in rule.amounts:
        return "no_amount"
    return "floor" if named and not any(unit.room for unit in named) else "not_lower"
