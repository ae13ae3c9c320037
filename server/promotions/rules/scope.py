"""What a promotion is for: named goods, whole categories with all below them, brands, a range of prices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from server.promotions.rules.money import Amounts

Key = Annotated[str, Field(min_length=1, max_length=100)]
Keys = tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A variant as prices see it: where it belongs, its list price here, and how low it may go."""

    gtin: str
    product_id: str
    minor: int
    brand: str = ""
    categories: tuple[str, ...] = ()
    """Its categories and all above them."""
    floor: int = 0
    """No promotion takes the price below this."""
    discountable: bool = True
    reduced_from: int | None = None
    """The higher price it was itself reduced from, outside any promotion; None where it was not."""

    @property
    def already_reduced(self) -> bool:
        """Return whether it is reduced before any promotion."""
        return self.reduced_from is not None and self.reduced_from > self.minor


class Scope(BaseModel):
    """Goods that are meant: those any of the names means, within the range of prices (both ends in it)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    products: Keys = ()
    gtins: Keys = ()
    categories: Keys = ()
    brands: Keys = ()
    everything: bool = False
    price_from: Amounts = Field(default_factory=dict)
    price_to: Amounts = Field(default_factory=dict)

    @property
    def names_nothing(self) -> bool:
        """Return whether it means no goods at all."""
        return not (self.everything or self.products or self.gtins or self.categories or self.brands)


def means(scope: Scope, wanted: Wanted, currency: str, *, minor: int | None = None) -> bool:
    """Return whether the variant is meant. `minor` is the price the range looks at (the list price where None)."""
    return named(scope, wanted) and _in_range(scope, wanted.minor if minor is None else minor, currency)


def named(scope: Scope, wanted: Wanted) -> bool:
    """Return whether the variant is among the goods the scope names, whatever it costs."""
    return (
        scope.everything
        or wanted.product_id in scope.products
        or wanted.gtin in scope.gtins
        or wanted.brand in scope.brands
        or (bool(scope.categories) and not frozenset(scope.categories).isdisjoint(wanted.categories))
    )


def _in_range(scope: Scope, minor: int, currency: str) -> bool:
    if not (scope.price_from or scope.price_to):
        return True
    low, high = scope.price_from.get(currency), scope.price_to.get(currency)
    return (low, high) != (None, None) and (low or 0) <= minor and (high is None or minor <= high)


def keys_of(scope: Scope) -> Iterable[tuple[str, str]]:
    """Yield the names under which an index finds the scope again."""
    if scope.everything:
        yield "everything", ""
        return
    for kind in ("products", "gtins", "categories", "brands"):
        for name in getattr(scope, kind):
            yield kind, name


def keys_for(wanted: Wanted) -> Iterable[tuple[str, str]]:
    """Yield the names under which an index holds what may concern the variant."""
    yield "everything", ""
    yield "products", wanted.product_id
    yield "gtins", wanted.gtin
    yield "brands", wanted.brand
    for category in wanted.categories:
        yield "categories", category
