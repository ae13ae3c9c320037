"""A chance for what nobody has tapped yet: the last tile of a stated share of lists, alike on every server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from server.recommendations.rules import ReasonKind, Suggestion


@dataclass(frozen=True, slots=True)
class Explored:
    """A list, and the chance with which it came out so."""

    items: tuple[Suggestion, ...]
    chance: float = 1.0


def explored(
    items: Sequence[Suggestion], fresh: Sequence[str], *, share: float, visit_id: UUID, step: int
) -> Explored:
    """Return the list, in a `share` of the lists with one of `fresh` in its last place.

    The same visit at the same step sees the same. A pinned tile stays. (Bounded uniform exploration.)
    """
    listed = {one.product_id for one in items}
    others = [product for product in fresh if product not in listed]
    if not others or not items or not share or items[-1].reason is ReasonKind.PINNED:
        return Explored(tuple(items))
    drawn = blake2b(visit_id.bytes + step.to_bytes(4), digest_size=16, person=b"explore").digest()
    if int.from_bytes(drawn[:8]) >= share * 2**64:
        return Explored(tuple(items), 1 - share)
    new = Suggestion(others[int.from_bytes(drawn[8:]) % len(others)], ReasonKind.NEW_HERE)
    return Explored((*items[:-1], new), share / len(others))
