"""What a promotion is and what it does to a price: pure decisions in minor units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from server.promotions.window import Interval, runs

UNCONDITIONAL = {"percent", "fixed_off", "fixed_price"}
"""Kinds that change the price of one unit; the others only tell their condition, never a was-price."""

Key = Annotated[str, Field(min_length=1, max_length=64)]


class Rule(BaseModel):
    """What a promotion does and to what. Scopes add up: a product inside any of them is meant.

    `stores` empty means the whole chain. Amounts are minor units by currency: a fixed amount in another
    currency does not apply.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal[
        "percent", "fixed_off", "fixed_price", "n_for_m", "buy_x_get_y", "cheapest_free", "bundle", "message"
    ]
    percent: Annotated[int, Field(ge=1, le=100)] | None = None
    amounts: dict[Annotated[str, Field(pattern=r"^[A-Z]{3}$")], Annotated[int, Field(ge=0)]] = {}
    stores: tuple[Key, ...] = ()
    products: tuple[Key, ...] = ()
    gtins: tuple[Key, ...] = ()
    categories: tuple[Key, ...] = ()
    brands: tuple[Key, ...] = ()
    everything: bool = False

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.kind == "percent" and self.percent is None:
            msg = "a percent promotion needs its percent"
            raise ValueError(msg)
        if self.kind in {"fixed_off", "fixed_price"} and not self.amounts:
            msg = f"a {self.kind} promotion needs an amount for each currency it applies in"
            raise ValueError(msg)
        if not (self.products or self.gtins or self.categories or self.brands or self.everything):
            msg = "a promotion needs to say what it is for: products, categories, brands, or everything"
            raise ValueError(msg)
        return self


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked at: a variant of a product with its brand and all categories above it."""

    product_id: str
    gtin: str
    brand: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Running:
    """A stored promotion as the rules see it, its window already in UTC."""

    id: str
    rule: Rule
    window: Interval
    priority: int = 0
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The price after promotions, which ones made it, and when the first of them began (None: none did)."""

    minor: int
    applied: tuple[str, ...]
    began: datetime | None


def concerns(rule: Rule, wanted: Wanted, store_id: str) -> bool:
    """Return whether the promotion means this variant in this store."""
    if rule.stores and store_id not in rule.stores:
        return False
    return (
        rule.everything
        or wanted.product_id in rule.products
        or wanted.gtin in rule.gtins
        or wanted.brand in rule.brands
        or bool(set(wanted.categories) & set(rule.categories))
    )


def reduced(rule: Rule, minor: int, currency: str) -> int:
    """Return the price of one unit after this rule alone: never below zero, never above what it was.

    Percentages are rounded half up to the minor unit, the one rounding of a price.
    """
    if rule.kind == "percent" and rule.percent is not None:
        kept = Decimal(minor) * (100 - rule.percent) / 100
        return int(kept.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    amount = rule.amounts.get(currency)
    if amount is None or rule.kind not in UNCONDITIONAL:
        return minor
    return min(minor, amount) if rule.kind == "fixed_price" else max(0, minor - amount)


def price_with(promotions: Iterable[Running], minor: int, *, currency: str, now: datetime) -> Outcome:
    """Return the price of one unit now: promotions apply one on the other from the highest priority down.

    An exclusive one stands alone: where any concerned promotion is exclusive, the one best for the shopper
    among the exclusive ones is taken instead of all others. Ties go by id, so the answer is always the same.
    """
    live = [p for p in promotions if p.rule.kind in UNCONDITIONAL and runs(p.window, now)]
    alone = sorted((p for p in live if p.exclusive), key=lambda p: (reduced(p.rule, minor, currency), p.id))
    price, applied = minor, []
    for promotion in alone[:1] or sorted(live, key=lambda p: (-p.priority, p.id)):
        after = reduced(promotion.rule, price, currency)
        if after < price:
            price = after
            applied.append(promotion)
    began = min((p.window[0] for p in applied if p.window[0] is not None), default=None)
    return Outcome(price, tuple(p.id for p in applied), began)


def applied_steps(
    promotions: Sequence[Running], steps: Sequence[tuple[datetime, int]], *, currency: str, until: datetime
) -> list[tuple[datetime, int]]:
    """Return what was really asked over time: the list price's steps with past promotions worked in."""
    bounds = {at for at, _ in steps}
    bounds |= {at for p in promotions for at in p.window if at is not None and p.rule.kind in UNCONDITIONAL}
    asked: list[tuple[datetime, int]] = []
    for at in sorted(bound for bound in bounds if bound <= until):
        base = [minor for since, minor in steps if since <= at]
        if base:
            asked.append((at, price_with(promotions, base[-1], currency=currency, now=at).minor))
    return asked


def next_change(
    promotions: Iterable[Running], steps: Iterable[tuple[datetime, int]], now: datetime
) -> datetime | None:
    """Return the next moment at which a price or promotion concerned begins or ends; None where none will."""
    bounds = [at for p in promotions for at in p.window if at is not None and at > now]
    bounds += [at for at, _ in steps if at > now]
    return min(bounds, default=None)
