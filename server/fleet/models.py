"""How each kiosk is, as it last said itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Document, StoreKey


class KioskState(Base):
    """The last heartbeat of a kiosk."""

    __tablename__ = "kiosk_state"
    kiosk_id: Mapped[str] = mapped_column(ForeignKey("kiosk.id"), primary_key=True)
    store_id: Mapped[StoreKey] = mapped_column(index=True)
    heard_at: Mapped[datetime]
    heartbeat: Mapped[Document]
