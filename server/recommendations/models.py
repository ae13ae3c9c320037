"""Trained models, kept where every server process finds them, and what stores wish of suggestions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Double, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Document, Key


class TrainedModel(Base):
    """One training: arrays and JSON in one checksummed file, never pickle. The newest serving one answers.

    `serving` is False for one that was not promoted or was taken back; `report` says why.
    """

    __tablename__ = "trained_model"
    version: Mapped[int] = mapped_column(primary_key=True)
    trained_at: Mapped[datetime]
    serving: Mapped[bool] = mapped_column(default=True)
    file: Mapped[bytes] = mapped_column(LargeBinary)
    report: Mapped[Document]


class WishKind(StrEnum):
    """What is wished: to come first, never to be suggested, or to come up more often."""

    PIN = "pin"
    BLOCK = "block"
    BOOST = "boost"


class SuggestionWish(Base):
    """What a store, or the chain (no store), wishes of a product, or of a whole category, in `[starts, ends)`.

    `log_odds` is how much a boost adds. Rows are ended, never deleted.
    """

    __tablename__ = "suggestion_wish"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    store_id: Mapped[str | None] = mapped_column(ForeignKey("store.id"), index=True)
    product_id: Mapped[str | None] = mapped_column(ForeignKey("product.id"))
    category_id: Mapped[str | None] = mapped_column(ForeignKey("category.id"))
    log_odds: Mapped[float | None] = mapped_column(Double)
    starts: Mapped[datetime]
    ends: Mapped[datetime | None]
    made_by: Mapped[Key]
    made_at: Mapped[datetime]
    ended_by: Mapped[Key | None]
    ended_at: Mapped[datetime | None]
