"""One engine for a card and for a list: the shelf's price of a variant, and what a list of goods costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from server.promotions.rules.apply import Ground
from server.promotions.rules.combine import work_out
from server.promotions.rules.policy import Policy
from server.promotions.rules.running import Running, concerns, live
from server.promotions.rules.scope import Wanted
from server.promotions.rules.situation import Situation
from server.promotions.rules.units import Cut, Unit
from server.promotions.rules.verdict import Applied, Verdict


@dataclass(frozen=True, slots=True)
class ShelfPrice:
    """The price of one unit on the card, and what was decided on each promotion that changes shelf prices."""

    minor: int
    cuts: tuple[Cut, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def applied(self) -> tuple[str, ...]:
        """Return the promotions in the price, in the order they were applied."""
        return tuple(cut.promotion_id for cut in self.cuts)


@dataclass(frozen=True, slots=True)
class Line:
    """So many of one variant."""

    wanted: Wanted
    quantity: int


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with the shelf's price of a unit, and each unit's price on this list with what was cut off it."""

    wanted: Wanted
    shelf: ShelfPrice
    units: tuple[tuple[int, tuple[Cut, ...]], ...]

    @property
    def total(self) -> int:
        """Return what the line costs."""
        return sum(minor for minor, _ in self.units)


@dataclass(frozen=True, slots=True)
class PricedList:
    """A list, priced: its lines, and a verdict on every promotion that runs here and means any of its goods."""

    lines: tuple[PricedLine, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def total(self) -> int:
        """Return what the list costs."""
        return sum(line.total for line in self.lines)


def shelf_price(
    wanted: Wanted, promotions: Iterable[Running], *, situation: Situation, policy: Policy
) -> ShelfPrice:
    """Return the price of one unit with the promotions that change shelf prices."""
    running = [promotion for promotion in promotions if live(promotion, situation)]
    return price_with(wanted, running, situation=situation, policy=policy)


def price_with(wanted: Wanted, running: Iterable[Running], *, situation: Situation, policy: Policy) -> ShelfPrice:
    """Return the price of one unit with those promotions, all of which run here now."""
    here = [p for p in running if p.rule.on_shelf and concerns(p.rule, wanted, situation.currency)]
    start = wanted.minor
    if policy.shelf_from == "original" and wanted.reduced_from is not None:
        start = max(start, wanted.reduced_from)
    unit = Unit(0, wanted, start, start)
    verdicts = work_out([unit], here, situation=situation, ground=Ground(situation.currency, policy, policy.shelf))
    return ShelfPrice(unit.minor if unit.cuts else wanted.minor, tuple(unit.cuts), verdicts)


def price_list(
    lines: Sequence[Line], promotions: Sequence[Running], *, situation: Situation, policy: Policy
) -> PricedList:
    """Return what the list costs. Conditions look at the list before any promotion on lists."""
    running = [promotion for promotion in promotions if live(promotion, situation)]
    shelf = [price_with(line.wanted, running, situation=situation, policy=policy) for line in lines]
    units = [
        Unit(place, line.wanted, on_shelf.minor, on_shelf.minor, shelf_reduced=bool(on_shelf.cuts))
        for place, (line, on_shelf) in enumerate(zip(lines, shelf, strict=True))
        for _ in range(line.quantity)
    ]
    others = [p for p in running if not p.rule.on_shelf and _reaches(p, lines, situation.currency)]
    ground = Ground(situation.currency, policy, policy.list)
    verdicts = work_out(units, others, situation=situation, ground=ground)
    priced = tuple(
        PricedLine(line.wanted, on_shelf, tuple((u.minor, tuple(u.cuts)) for u in units if u.line == place))
        for place, (line, on_shelf) in enumerate(zip(lines, shelf, strict=True))
    )
    return PricedList(priced, (*_together(lines, shelf), *verdicts))


def _reaches(promotion: Running, lines: Sequence[Line], currency: str) -> bool:
    return any(concerns(promotion.rule, line.wanted, currency) for line in lines)


def _together(lines: Sequence[Line], shelf: Sequence[ShelfPrice]) -> tuple[Verdict, ...]:
    """Return one verdict on each shelf promotion: applied, with the sum, where it applied to any line."""
    found: dict[str, Verdict] = {}
    for line, on_shelf in zip(lines, shelf, strict=True):
        for verdict in on_shelf.verdicts:
            held = found.get(verdict.promotion_id)
            if isinstance(verdict, Applied):
                minor = verdict.minor * line.quantity + (held.minor if isinstance(held, Applied) else 0)
                found[verdict.promotion_id] = replace(verdict, minor=minor)
            elif held is None:
                found[verdict.promotion_id] = verdict
    return tuple(found.values())
