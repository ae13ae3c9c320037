"""What a suggestion is: a product, why, and from which evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Protocol
from uuid import UUID


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
    ) -> Suggestions:
        """Return up to `count` products of `allowed` (in stock in the store) that are not in `seen`.

        Where a visit is named, it may be one of those held out.
        """
        ...


def is_held_out(visit_id: UUID, share: float) -> bool:
    """Return whether a visit is among the `share` (0 to 1) of visits held out, the same on every server."""
    place = int.from_bytes(blake2b(visit_id.bytes, digest_size=8, person=b"hold-out").digest())
    return place < share * 2**64
