"""The units on a shopper's list while promotions are worked out on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from server.promotions.rules.scope import Scope, Wanted, means


@dataclass(frozen=True, slots=True)
class Cut:
    """What one promotion took off one unit, in minor units: for itself, or as its part of the whole list's."""

    promotion_id: str
    minor: int
    on: Literal["unit", "list"] = "unit"


@dataclass(slots=True, eq=False)
class Unit:
    """One unit: the price the stage began with, the price now, and what made the difference."""

    line: int
    wanted: Wanted
    start: int
    minor: int
    shelf_reduced: bool = False
    counted: bool = False
    """It counted for an offer on several units already."""
    cuts: list[Cut] = field(default_factory=list)

    @property
    def room(self) -> int:
        """Return how much its price may still go down."""
        return max(0, self.minor - self.wanted.floor) if self.wanted.discountable else 0

    def take(self, promotion_id: str, minor: int, on: Literal["unit", "list"] = "unit") -> int:
        """Take so much off, as far as there is room; return what was taken."""
        taken = min(minor, self.room)
        if taken > 0:
            self.minor -= taken
            self.cuts.append(Cut(promotion_id, taken, on))
        return max(0, taken)

    def unlocked(self) -> Unit:
        """Return the unit as if any promotion might reduce it."""
        return Unit(self.line, replace(self.wanted, discountable=True), self.start, self.minor)

    def copy(self) -> Unit:
        """Return a unit to try something out on."""
        return Unit(
            self.line,
            self.wanted,
            self.start,
            self.minor,
            shelf_reduced=self.shelf_reduced,
            counted=self.counted,
            cuts=list(self.cuts),
        )


def meant(scope: Scope, unit: Unit, currency: str, *, skip_reduced: bool = False) -> bool:
    """Return whether a unit of the scope may be reduced; a price range looks at what the stage began with."""
    if skip_reduced and (unit.shelf_reduced or unit.wanted.already_reduced):
        return False
    return unit.wanted.discountable and means(scope, unit.wanted, currency, minor=unit.start)


def total(units: Sequence[Unit]) -> int:
    """Return what the units cost now."""
    return sum(unit.minor for unit in units)
