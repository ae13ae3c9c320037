"""What became of a promotion that was considered: applied, beaten by which, or what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from server.promotions.rules.condition import Need

Blocked = Literal["floor", "not_discountable", "already_reduced", "used_up", "no_amount", "not_lower"]


@dataclass(frozen=True, slots=True)
class Applied:
    """It applied, and took off so much in all; a message takes nothing off."""

    promotion_id: str
    minor: int


@dataclass(frozen=True, slots=True)
class Beaten:
    """Another was taken: an exclusive or a better one, the best of its group, or one after which it stops."""

    promotion_id: str
    by: str
    why: Literal["exclusive", "better", "group", "stopped"]


@dataclass(frozen=True, slots=True)
class Missing:
    """It would apply if all of these needs were met."""

    promotion_id: str
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """Nothing the shopper does makes it apply to these goods, and why."""

    promotion_id: str
    why: Blocked


Verdict = Applied | Beaten | Missing | Without
