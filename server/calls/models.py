"""Shoppers who asked for a person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Key, StoreKey


class Call(Base):
    """One call for staff, until somebody takes it."""

    __tablename__ = "staff_call"
    __table_args__ = (Index("ix_staff_call_store_id_called_at", "store_id", "called_at"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[StoreKey]
    kiosk_id: Mapped[Key]
    visit_id: Mapped[UUID]
    product_id: Mapped[Key | None]
    called_at: Mapped[datetime]
    taken_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    taken_at: Mapped[datetime | None]
