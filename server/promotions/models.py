"""Promotions as they are stored."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Document, Key, Words


class Promotion(Base):
    """A promotion. Its window is in each store's local time: `starts` and `ends` have no zone on purpose.

    `rule` says kind, amounts, scope and stores (see `promotions.rules.Rule`); it is checked when saved
    and again when read, and a bad one is skipped with an alarm, never shown.
    """

    __tablename__ = "promotion"
    id: Mapped[Key] = mapped_column(primary_key=True)
    headline: Mapped[Words]
    condition: Mapped[Words | None]
    rule: Mapped[Document]
    starts: Mapped[datetime | None] = mapped_column(DateTime(timezone=False))
    ends: Mapped[datetime | None] = mapped_column(DateTime(timezone=False))
    priority: Mapped[int] = mapped_column(default=0)
    exclusive: Mapped[bool] = mapped_column(default=False)
    paused: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[str | None] = mapped_column(String(64))
