"""Cards tapped in visits, and what their holders chose."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Key


class Introduction(Base):
    """A card of the chain was tapped in a visit; that links nothing until its holder agrees."""

    __tablename__ = "introduction"
    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    card_id: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime]


class Choice(Base):
    """What a shopper chose at a kiosk, of which words, when; the newest holds. A plain no keeps no card."""

    __tablename__ = "consent_choice"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(index=True)
    card_id: Mapped[str | None] = mapped_column(String(200), index=True)
    device_id: Mapped[Key]
    store_id: Mapped[Key]
    chosen_at: Mapped[datetime]
    received_at: Mapped[datetime]
    text_version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(16))
    service: Mapped[bool]
    analytics: Mapped[bool]
    personalisation: Mapped[bool]
