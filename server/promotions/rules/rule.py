"""A promotion's rule as it is stored: what it does, to what, where, when, for whom, and what it must not be."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from server.promotions.rules.condition import Condition
from server.promotions.rules.money import Amounts
from server.promotions.rules.schedule import Schedule
from server.promotions.rules.scope import Key, Keys, Scope

Percent = Annotated[Decimal, Field(gt=0, le=100)]
Many = Annotated[int, Field(ge=1, le=1000)]

Kind = Literal[
    "percent", "fixed_off", "fixed_price", "n_for_m", "buy_x_get_y", "cheapest_free", "tiers", "bundle", "message"
]
ONE_UNIT = frozenset({"percent", "fixed_off", "fixed_price"})
"""Kinds that change the price of one unit by itself; the others need company, and never show a was-price."""
WORDS = {
    "percent": "its percent",
    "fixed_off": "an amount for each currency it applies in",
    "fixed_price": "an amount for each currency it applies in",
    "n_for_m": "how many are bought and how many of them are paid, fewer than are bought",
    "buy_x_get_y": "how many are bought",
    "cheapest_free": "how many are bought, more than are free",
    "tiers": "its tiers",
    "bundle": "its parts, and a percent or an amount for each currency",
}


class Tier(BaseModel):
    """One step of a ladder: from so many units or so much money on, so much off each unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    quantity: Many | None = None
    reached: Amounts = Field(default_factory=dict)
    percent: Percent | None = None
    amounts: Amounts = Field(default_factory=dict)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if (self.quantity is None) == (not self.reached) or (self.percent is None) == (not self.amounts):
            msg = "a tier needs a quantity or an amount to reach, and a percent or an amount it takes off"
            raise ValueError(msg)
        return self


class Part(Scope):
    """A part of a bundle: so many units of the scope."""

    quantity: Many = 1


class Effect(Scope):
    """What is done to the goods of its scope.

    `on` the list: one amount or percentage of all of them together, spread over the units exactly.
    `buy`, `get` and `pay` count units; `gets` names what is given where it is not what was bought.
    """

    kind: Kind
    on: Literal["unit", "list"] = "unit"
    percent: Percent | None = None
    amounts: Amounts = Field(default_factory=dict)
    buy: Many | None = None
    pay: Annotated[int, Field(ge=0)] | None = None
    get: Many = 1
    gets: Scope | None = None
    tiers: tuple[Tier, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def complete(self) -> bool:
        """Return whether the kind has the numbers it needs."""
        buy = self.buy or 0
        return {
            "percent": self.percent is not None,
            "fixed_off": bool(self.amounts),
            "fixed_price": bool(self.amounts) and self.on == "unit",
            "n_for_m": self.pay is not None and buy > self.pay,
            "buy_x_get_y": buy > 0,
            "cheapest_free": buy > self.get,
            "tiers": bool(self.tiers),
            "bundle": bool(self.parts) and (self.percent is not None or bool(self.amounts)),
            "message": True,
        }[self.kind]

    @cached_property
    def goods(self) -> tuple[Scope, ...]:
        """Return the goods it speaks of: its parts, or its own and what is given for them."""
        return self.parts or ((self, self.gets) if self.gets else (self,))

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if not self.complete:
            msg = f"a {self.kind} promotion needs {WORDS[self.kind]}"
            raise ValueError(msg)
        if self.names_nothing and not self.parts:
            msg = "a promotion needs to say what it is for: products, categories, brands, or everything"
            raise ValueError(msg)
        return self


class Limits(BaseModel):
    """How often and for how much it may be given; what is not named is not limited."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_day: Many | None = None
    per_customer: Many | None = None
    budget: Amounts = Field(default_factory=dict)

    @property
    def limited(self) -> bool:
        """Return whether there is any limit."""
        return bool(self.per_day or self.per_customer or self.budget)


class Rule(Effect):
    """A whole promotion: an effect (and others `also` done with it), and what must hold for it.

    `stores` and `regions` empty mean the whole chain. `at` says where it works: on the `shelf` it changes the
    price on the card, on the `list` only what a list costs; where nothing is said, only an unconditional effect
    on one unit works on the shelf. Promotions of one `group` exclude each other; after one with `stop` no other.
    """

    also: tuple[Effect, ...] = ()
    stores: Keys = ()
    regions: Keys = ()
    segments: Keys = ()
    after_sign: Key | None = None
    conditions: tuple[Condition, ...] = ()
    schedule: Schedule = Schedule()
    skip_reduced: bool = False
    at: Literal["shelf", "list"] | None = None
    group: Key | None = None
    stop: bool = False
    limits: Limits = Limits()

    @model_validator(mode="after")
    def _shelf_is_for_one(self) -> Self:
        if self.at == "shelf" and not self.stands_alone:
            msg = "only a percent, an amount off or a fixed price without a condition can change the shelf's price"
            raise ValueError(msg)
        return self

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """Return all it does, in order."""
        return (self, *self.also)

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        """Return all goods it speaks of: to buy, to be given, and the parts of bundles."""
        return tuple(scope for effect in self.effects for scope in effect.goods)

    @cached_property
    def written(self) -> dict[str, Any]:
        """Return it as JSON, without what it does not say."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @cached_property
    def stands_alone(self) -> bool:
        """Return whether each effect works on one unit, whatever else is bought."""
        return not self.conditions and all(e.kind in ONE_UNIT and e.on == "unit" for e in self.effects)

    @cached_property
    def on_shelf(self) -> bool:
        """Return whether it changes the price on the card."""
        return self.at != "list" and self.stands_alone and not self.limits.limited

    @property
    def personal(self) -> bool:
        """Return whether it depends on who looks."""
        return bool(self.segments or self.after_sign)
