"""Whom visits were introduced as, by a card or a phone, and what they chose."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, true
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Key


class Introduction(Base):
    """A visit was introduced as that of a card or a customer; that links nothing until they agree.

    `proven` where a card was there, or a program vouched. A number that was typed in proves nothing: it brings
    nothing of its holder into the visit, neither what they agreed to nor what they did.
    """

    __tablename__ = "introduction"
    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    card_id: Mapped[str | None] = mapped_column(String(200))
    customer_id: Mapped[str | None] = mapped_column(String(200))
    proven: Mapped[bool] = mapped_column(server_default=true())
    at: Mapped[datetime]


class Choice(Base):
    """What a shopper chose at a kiosk, of which words, when; the newest holds.

    A plain no keeps neither card nor customer, nor does what was chosen for a number that proves nothing.
    """

    __tablename__ = "consent_choice"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(index=True)
    card_id: Mapped[str | None] = mapped_column(String(200), index=True)
    customer_id: Mapped[str | None] = mapped_column(String(200), index=True)
    device_id: Mapped[Key]
    store_id: Mapped[Key]
    chosen_at: Mapped[datetime]
    received_at: Mapped[datetime]
    text_version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(16))
    service: Mapped[bool]
    analytics: Mapped[bool]
    personalisation: Mapped[bool]
