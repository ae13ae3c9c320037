"""Who is told, and what they were told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Document, Key


class State(StrEnum):
    """What became of a delivery."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class Webhook(Base):
    """An address that is told of events. Its secrets are sealed; while one is being replaced there are two."""

    __tablename__ = "webhook"
    id: Mapped[Key] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(2000))
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    old_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    old_until: Mapped[datetime | None]
    """Until when deliveries bear the old secret's signature, too."""
    wanted: Mapped[Document]
    """`{"kinds": […]}`; none is all."""
    seq: Mapped[int] = mapped_column(BigInteger)
    """The number in the outbox up to which deliveries were made."""
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(200))
    """Why it is no longer told anything."""


class Delivery(Base):
    """One event for one webhook; its id is the `webhook-id` of every try."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (Index("ix_webhook_delivery_state_next_at", "state", "next_at"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhook.id"), index=True)
    event_id: Mapped[UUID]
    corrected_at: Mapped[datetime]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What is told where it is no event but that somebody was erased; gone once it was delivered."""
    state: Mapped[str] = mapped_column(String(20))
    tries: Mapped[int]
    next_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(String(200))
    """What came back last: a status, or why there was none."""
