"""What a suggestion is: a product, why, and from which evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class ReasonKind(StrEnum):
    """Why a product is suggested."""

    TAPPED_AFTER = "tapped_after"
    ALIKE = "alike"
    POPULAR_HERE = "popular_here"
    NEW_HERE = "new_here"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One product with its reason; `evidence` is the product of the visit that led to it, if one did."""

    product_id: str
    reason: ReasonKind
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Best first. `degraded` where a fallback answered because the model is missing, damaged or empty."""

    items: tuple[Suggestion, ...]
    degraded: bool
    model_version: int


class Suggester(Protocol):
    """Anything that can say what goes with what a visit has seen."""

    def suggest(
        self, seen: Sequence[str], *, store_id: str, allowed: frozenset[str], count: int = 4
    ) -> Suggestions:
        """Return up to `count` products of `allowed` (in stock in the store) that are not in `seen`."""
        ...
