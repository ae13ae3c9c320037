"""Which units an offer on several of them takes: n for m, buy X get Y, the cheapest free, bundles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from server.promotions.rules.policy import Policy
from server.promotions.rules.reduce import discount, spread
from server.promotions.rules.rule import Effect
from server.promotions.rules.scope import Scope, means
from server.promotions.rules.units import Unit, total

WHOLE = Decimal(100)


@dataclass(slots=True)
class Chosen:
    """What is taken off which units, which units counted for it, and how much company is missing."""

    cuts: list[tuple[Unit, int]] = field(default_factory=list)
    counted: list[Unit] = field(default_factory=list)
    missing: list[tuple[Scope, int]] = field(default_factory=list)


def choose(effect: Effect, units: Sequence[Unit], *, currency: str, policy: Policy) -> Chosen:
    """Return what an offer on several units takes from `units`, which it may count."""
    if effect.kind == "bundle":
        return _bundle(effect, units, currency=currency, policy=policy)
    if effect.kind == "buy_x_get_y" and effect.gets is not None:
        return _other_set(effect, units, currency=currency, policy=policy)
    return _same_set(effect, units, policy)


def scope_of(effect: Effect) -> Scope:
    """Return the goods an effect names, without what it does to them."""
    return Scope(**{name: getattr(effect, name) for name in Scope.model_fields})


def _same_set(effect: Effect, units: Sequence[Unit], policy: Policy) -> Chosen:
    """Give away the cheapest of each full group, the dearest grouped first: the best the shopper can have."""
    buy = effect.buy or 1
    size, free = {
        "n_for_m": (buy, buy - (effect.pay or 0)),
        "buy_x_get_y": (buy + effect.get, effect.get),
        "cheapest_free": (buy, effect.get),
    }[effect.kind]
    dearest_first = sorted(units, key=lambda unit: (-unit.minor, unit.line))
    if effect.kind == "cheapest_free" and len(units) >= size:
        size = len(units)
    chosen = Chosen()
    for first in range(0, len(units) - size + 1, size):
        group = dearest_first[first : first + size]
        chosen.counted += group
        chosen.cuts += [(unit, _off(effect, unit, policy)) for unit in group[size - free :]]
    if not chosen.counted:
        chosen.missing.append((scope_of(effect), size - len(units)))
    return chosen


def _off(effect: Effect, unit: Unit, policy: Policy) -> int:
    return discount(unit.minor, effect.percent or WHOLE, policy=policy, stage=policy.list)


def _other_set(effect: Effect, units: Sequence[Unit], *, currency: str, policy: Policy) -> Chosen:
    """Give units of one set for those bought of another; a unit of both is bought only where it must be."""
    gets, buy = effect.gets or Scope(), effect.buy or 1
    givable = [unit for unit in units if means(gets, unit.wanted, currency, minor=unit.start)]
    bought = [unit for unit in units if means(effect, unit.wanted, currency, minor=unit.start)]
    both = frozenset(givable)
    bought.sort(key=lambda unit: (unit in both, -unit.minor, unit.line))
    sign = -1 if policy.picks == "dearest" else 1
    chosen = Chosen()
    while len(bought) >= buy:
        paid, bought = bought[:buy], bought[buy:]
        taken = {*chosen.counted, *paid}
        offered = [unit for unit in givable if unit not in taken]  # in the order of the list, not of a set
        given = sorted(offered, key=lambda unit: (sign * unit.minor, unit.line))[: effect.get]
        if not given:
            if not chosen.counted:
                chosen.missing.append((gets, 1))
            return chosen
        chosen.counted += [*paid, *given]
        chosen.cuts += [(unit, _off(effect, unit, policy)) for unit in given]
        bought = [unit for unit in bought if unit not in given]
    if not chosen.counted:
        chosen.missing.append((scope_of(effect), buy - len(bought)))
        chosen.missing += [] if both.difference(bought) else [(gets, 1)]  # what is bought is not given
    return chosen


def _bundle(effect: Effect, units: Sequence[Unit], *, currency: str, policy: Policy) -> Chosen:
    """Price each whole set of parts, the dearest units first; a bundle never raises a price."""
    numbers = [number for number, part in enumerate(effect.parts) for _ in range(part.quantity)]
    parts = [effect.parts[number] for number in numbers]
    free, chosen = sorted(units, key=lambda unit: (-unit.minor, unit.line)), Chosen()
    while True:
        held = _matched(parts, free, currency)
        if len(held) < len(parts):
            lacking = Counter(number for place, number in enumerate(numbers) if place not in held)
            chosen.missing = [] if chosen.counted else [(effect.parts[n], more) for n, more in lacking.items()]
            return chosen
        taken = [held[place] for place in range(len(parts))]
        whole = total(taken)
        if effect.percent is not None:
            off = discount(whole, effect.percent, policy=policy, stage=policy.list)
        else:
            off = max(0, whole - effect.amounts.get(currency, whole))
        chosen.cuts += zip(taken, spread(off, taken, policy), strict=True)
        chosen.counted += taken
        free = [unit for unit in free if unit not in taken]


def _matched(parts: Sequence[Scope], units: Sequence[Unit], currency: str) -> dict[int, Unit]:
    """Return the unit that stands for each part, by the part's place: as many as can be, the first units first.

    A unit that fits several parts makes room for one that fits fewer (Kuhn 1955, augmenting paths).
    """
    held: dict[int, Unit] = {}

    def place(unit: Unit, tried: set[int]) -> bool:
        for number, part in enumerate(parts):
            if number in tried or not means(part, unit.wanted, currency, minor=unit.start):
                continue
            tried.add(number)
            if number not in held or place(held[number], tried):
                held[number] = unit
                return True
        return False

    for unit in units:
        if len(held) == len(parts):
            break
        place(unit, set())
    return held
