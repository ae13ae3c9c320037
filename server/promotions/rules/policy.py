"""How promotions combine and prices are rounded: a policy is data, stated once for the chain."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from server.promotions.rules.money import Rounding


class Stage(BaseModel):
    """How percentages are taken at one stage: of what price, and which figure is rounded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: Literal["running", "start"] = "running"
    """Compounding: of the price the promotions before left, or each of the price the stage began with.

    A percentage of the whole list is always of what the list costs then.
    """
    rounds: Literal["price", "discount"] = "price"


class Policy(BaseModel):
    """One way to price. The shelf's stage makes the price on the card, the list's what a list costs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shelf: Stage = Stage()
    list: Stage = Stage()
    shelf_from: Literal["price", "original"] = "price"
    """What shelf promotions start from where a variant was reduced from a higher price by itself."""
    combine: Literal["stack", "best"] = "stack"
    """All that apply, by priority; or only the one best for the shopper."""
    units_first: bool = True
    """Effects on units before effects on the whole list, whatever their priority."""
    rounding: Rounding = "half_up"
    round_at: Literal["unit", "line", "list"] = "unit"
    """Where a percentage is rounded: on each unit, each line, or once on all goods meant."""
    distribution: Literal["proportional", "even"] = "proportional"
    remainder: Literal["first", "last", "largest_share", "largest_remainder"] = "largest_share"
    """Which shares take the minor units that do not divide."""
    share_rounding: Rounding = "down"
    consume: bool = True
    """A unit that counted for one offer on several units counts for no other."""
    picks: Literal["cheapest", "dearest"] = "cheapest"
    """Which of another set are given where more could be."""


HOUSE = Policy()
"""What a shop has that states nothing else."""
