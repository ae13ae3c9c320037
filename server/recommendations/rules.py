"""What a suggestion is: a product, why, and from which evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from server.recommendations.shop_prices import ShopPrices
from server.timeline.reading.interests import Interest


class ReasonKind(StrEnum):
    """Why a product is suggested."""

    TAPPED_AFTER = "tapped_after"
    ALIKE = "alike"
    POPULAR_HERE = "popular_here"
    NEW_HERE = "new_here"
    PINNED = "pinned"
    HIDDEN = "hidden"
    HISTORY = "history"
    IN_SIZE = "in_size"
    USUAL_SIZE = "usual_size"
    REDUCED = "reduced"
    OFFERED = "offered"


@dataclass(frozen=True, slots=True, eq=False)
class Wishes:
    """What a store wishes of its suggestions at a moment, by products.

    `blocked` are never suggested; of each of `pins` (sets of products in stock) the best comes first; `boosts`
    raise products in the model's lists, by log-odds. `shop` are the prices and promotions of that moment, None
    where whoever suggests is to look for those of now. Compared by identity: what is made for them is found again.
    """

    blocked: frozenset[str] = frozenset()
    pins: tuple[frozenset[str], ...] = ()
    boosts: Mapping[str, float] | None = None
    shop: ShopPrices | None = None


NO_WISHES = Wishes()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One product with its reason; `evidence` is the product of the visit that led to it, if one did."""

    product_id: str
    reason: ReasonKind
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Best first. `degraded` where a fallback answered because the model is missing, damaged or empty.

    `held_out` where the visit is one of those that see what is popular, to tell what the model is worth;
    `propensity` is the chance with which this visit was to be shown this list.
    """

    items: tuple[Suggestion, ...]
    degraded: bool
    model_version: int
    held_out: bool = False
    propensity: float = 1.0


class Suggester(Protocol):
    """Anything that can say what goes with what a visit has seen."""

    def suggest(
        self,
        seen: Sequence[str],
        *,
        store_id: str,
        allowed: frozenset[str],
        count: int = 4,
        visit_id: UUID | None = None,
        wishes: Wishes = NO_WISHES,
        past: Sequence[Interest] = (),
        other_sizes: frozenset[str] = frozenset(),
    ) -> Suggestions:
        """Return up to `count` products of `allowed` (in stock in the store, none blocked) that are not in `seen`.

        Where a visit is named, it may be one of those held out. `past` is what a customer, who agreed to its
        use, did before this visit in any channel. Of near equals, those here in `other_sizes` only come last.
        """
        ...
