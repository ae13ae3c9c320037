"""Visits offered to a phone, as rows that go with the person they may be of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.db import Base, Json, Key, StoreKey


class HandOver(Base):
    """One offer. Of the link, the phone that asked and the phone that was let in, only hashes are kept."""

    __tablename__ = "hand_over"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[StoreKey]
    kiosk_id: Mapped[Key] = mapped_column(index=True)
    visit_id: Mapped[UUID] = mapped_column(index=True)
    offered_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)
    asker_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    phone_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    sign: Mapped[str | None] = mapped_column(String(2))
    kept: Mapped[list[Any]] = mapped_column(Json)


def forget_hand_overs(session: Session, visits: Collection[UUID]) -> None:
    """Delete what was offered of these visits: no phone sees what is left of somebody who was erased."""
    session.execute(delete(HandOver).where(HandOver.visit_id.in_(list(visits))))
