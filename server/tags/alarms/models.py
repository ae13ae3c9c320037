"""Where tags were last read, and what was noticed about them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Document, Key, StoreKey, Uid


class TagSighting(Base):
    """When a tag of ours was last read at a kiosk."""

    __tablename__ = "tag_sighting"
    uid: Mapped[Uid] = mapped_column(primary_key=True)
    kiosk_id: Mapped[Key] = mapped_column(primary_key=True)
    store_id: Mapped[StoreKey]
    at: Mapped[datetime]


class AlarmKind(StrEnum):
    """What may be wrong with a tag."""

    MISMATCH = "mismatch"
    CLONE = "clone"
    FORGED = "forged"
    REPLAYED = "replayed"
    COUNTER_FELL = "counter_fell"
    TWO_PLACES = "two_places"
    NOT_ORIGINAL = "not_original"
    OPENED = "opened"
    TURNED_UP = "turned_up"


class TagAlarm(Base):
    """What was noticed about a tag in a store, for the manager; at most one open of a kind, with its count."""

    __tablename__ = "tag_alarm"
    __table_args__ = (
        Index(
            "uq_tag_alarm_open",
            "store_id",
            "uid",
            "kind",
            unique=True,
            sqlite_where=text("seen_at IS NULL"),
            postgresql_where=text("seen_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[StoreKey]
    uid: Mapped[Uid]
    kind: Mapped[str] = mapped_column(String(20))
    kiosk_id: Mapped[Key]
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    count: Mapped[int] = mapped_column(default=1)
    evidence: Mapped[Document]
    """The latest evidence: names and values as `alarms` says them."""
    seen_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    seen_at: Mapped[datetime | None]
