"""Kiosks in quarantine and test visits, with who said so, why and until when; rows are ended, never deleted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Key, StoreKey

LONGEST_REASON = 300
MOST_LISTED = 500


class QuarantinedKiosk(Base):
    """A kiosk whose taps do not count: what it delivers from `since` on, of all that happened before `until`.

    It may lie about when something happened, or have waited with it, so `since` is by our own clock.
    """

    __tablename__ = "quarantined_kiosk"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kiosk_id: Mapped[str] = mapped_column(ForeignKey("kiosk.id"), index=True)
    store_id: Mapped[StoreKey] = mapped_column(index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    made_by: Mapped[Key | None]
    made_at: Mapped[datetime]
    ended_by: Mapped[Key | None]
    ended_at: Mapped[datetime | None]


class UncountedVisit(Base):
    """A visit that was no shopper's, while it is not ended: staff tried out tags, or showed somebody the kiosk."""

    __tablename__ = "test_visit"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(index=True)
    store_id: Mapped[StoreKey] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    made_by: Mapped[Key | None]
    made_at: Mapped[datetime]
    ended_by: Mapped[Key | None]
    ended_at: Mapped[datetime | None]
