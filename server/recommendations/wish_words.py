"""A wish as the API takes and gives it."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from server.recommendations.models import WishKind
from server.wire import Frozen, Moment
from server.wire.records import Record
from server.wire.values import Told

USUAL_BOOST = 0.7
"""Doubles the odds of an item."""

Id = Annotated[Told, StringConstraints(min_length=1, max_length=64)]


class WishAsked(Frozen):
    """What is wished: of a product or a category, from a moment (or at once) until another (or for good)."""

    kind: WishKind
    product_id: Id | None = None
    category_id: Id | None = None
    log_odds: Annotated[float, Field(gt=0, le=5)] | None = None  # Of a boost: 0.7, the usual, doubles the odds.
    starts: Moment | None = None
    ends: Moment | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.product_id is None) == (self.category_id is None):
            msg = "name a product_id or a category_id, one of the two"
            raise ValueError(msg)
        if self.log_odds is not None and self.kind is not WishKind.BOOST:
            msg = "log_odds is for a boost only"
            raise ValueError(msg)
        if self.starts and self.ends and self.ends <= self.starts:
            msg = "it must end after it starts"
            raise ValueError(msg)
        return self


class WishRecord(Record):
    """A wish as it is stored; `store_id` is None for the chain's."""

    id: UUID
    kind: WishKind
    store_id: str | None
    product_id: str | None
    category_id: str | None
    log_odds: float | None
    starts: Moment
    ends: Moment | None
    made_by: str
    made_at: Moment


class WishList(Frozen):
    """Wishes that hold or will, the newest first."""

    wishes: tuple[WishRecord, ...]
