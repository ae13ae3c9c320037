"""What a list of goods must have before a promotion works on it, and how much of it is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from server.promotions.rules.money import Amounts
from server.promotions.rules.scope import Keys, Scope, Wanted, means
from server.promotions.rules.situation import Situation

Counted = tuple[Wanted, int]
"""A unit and its price on the list."""


@dataclass(frozen=True, slots=True)
class MoreUnits:
    """So many more units of the scope."""

    more: int
    scope: Scope


@dataclass(frozen=True, slots=True)
class MoreMoney:
    """Goods of the scope for so much more, in minor units."""

    more: int
    currency: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class BeOneOf:
    """To belong to one of these segments: members, a customer group."""

    segments: Keys


@dataclass(frozen=True, slots=True)
class TapSign:
    """To tap this sign first."""

    sign_id: str


@dataclass(frozen=True, slots=True)
class OrderNumber:
    """Only the shopper's order of this number has it; `passed` where it lies behind."""

    number: int
    passed: bool


@dataclass(frozen=True, slots=True)
class OtherCurrency:
    """It has no amount in this currency."""

    currency: str


Need = MoreUnits | MoreMoney | BeOneOf | TapSign | OrderNumber | OtherCurrency


class Condition(Scope):
    """One thing a list must have: units or money within the scope, or an order of a certain number.

    A condition that names no goods counts all of them. Contains a product: one unit of it.
    """

    kind: Literal["quantity", "total", "nth_order"]
    quantity: Annotated[int, Field(ge=1)] = 1
    amounts: Amounts = Field(default_factory=dict)
    number: Annotated[int, Field(ge=1)] = 1

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.kind == "total" and not self.amounts:
            msg = "a condition on a total needs an amount for each currency"
            raise ValueError(msg)
        return self

    @property
    def goods(self) -> Scope:
        """Return the goods that count."""
        names = self.model_dump(include=set(Scope.model_fields))
        return Scope(**names | ({"everything": True} if self.names_nothing else {}))


def need(condition: Condition, units: Sequence[Counted], situation: Situation) -> Need | None:
    """Return what the list still needs for the condition; None where it holds."""
    if condition.kind == "nth_order":
        ahead = situation.shopper.orders + 1
        return None if ahead == condition.number else OrderNumber(condition.number, ahead > condition.number)
    goods = condition.goods
    held = [minor for wanted, minor in units if means(goods, wanted, situation.currency, minor=minor)]
    if condition.kind == "quantity":
        more = condition.quantity - len(held)
        return MoreUnits(more, goods) if more > 0 else None
    amount = condition.amounts.get(situation.currency)
    if amount is None:
        return OtherCurrency(situation.currency)
    return MoreMoney(amount - sum(held), situation.currency, goods) if sum(held) < amount else None
