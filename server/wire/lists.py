"""What a kiosk asks of a shopper's list, and what it is told: what it costs, and why."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from server.wire.values import Frozen, Gtin, Moment, Money, Text


class ListLine(Frozen):
    """So many of one variant."""

    gtin: Gtin
    quantity: Annotated[int, Field(ge=1, le=99)] = 1


class ListAsked(Frozen):
    """A shopper's list. `list_id` is fresh for each list.

    What was tapped in the visit, and whose it is, the server knows itself.
    """

    list_id: UUID
    lines: Annotated[tuple[ListLine, ...], Field(min_length=1, max_length=100)]
    visit_id: UUID | None = None


class PricedListLine(Frozen):
    """A line of the list, priced: `each` is the price on the card, `units` what each unit costs on this list."""

    gtin: Gtin
    quantity: int
    each: Money
    units: tuple[int, ...]
    total: Money


class Explained(Frozen):
    """What became of one promotion, in words a person can check."""

    promotion_id: str
    headline: Text
    outcome: Literal["applied", "beaten", "missing", "without"]
    words: Text
    less: Money | None = None  # What it took off, where it applied.


class PricedListAnswer(Frozen):
    """A list, priced as a whole. What has no price here is named in `unpriced` and not in the total."""

    list_id: UUID
    lines: tuple[PricedListLine, ...]
    total: Money
    before: Money  # What it would cost without any promotion on lists.
    explained: tuple[Explained, ...]
    unpriced: tuple[Gtin, ...] = ()
    held: tuple[str, ...] = ()  # Limited promotions held for this list until `held_until`.
    held_until: Moment | None = None
    true_from: Moment
    true_until: Moment
