"""Everything that happened, once each, in one table all channels share."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Document, Key, Uid


class EventKind(StrEnum):
    """The closed vocabulary of events."""

    PRODUCT_TAPPED = "product_tapped"
    SIGN_TAPPED = "sign_tapped"
    UNKNOWN_TAG_TAPPED = "unknown_tag_tapped"
    SUGGESTION_OPENED = "suggestion_opened"
    STAFF_CALLED = "staff_called"
    VISIT_ENDED = "visit_ended"


class Event(Base):
    """One thing that happened. The id is made where it happened and is the only key: first write wins.

    `occurred_at` is what the device's clock said, `received_at` what ours said, `corrected_at` the best
    estimate from both; `epoch` and `seq` order a device's own events and find gaps.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_store_id_corrected_at", "store_id", "corrected_at"),
        Index("ix_event_visit_id_corrected_at", "visit_id", "corrected_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(20))
    store_id: Mapped[Key]
    device_id: Mapped[Key]
    visit_id: Mapped[UUID]
    product_id: Mapped[Key | None]
    gtin: Mapped[str | None] = mapped_column(String(14))
    sign_id: Mapped[Key | None]
    tag_uid: Mapped[Uid | None]
    cause_id: Mapped[UUID | None]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    corrected_at: Mapped[datetime]
    epoch: Mapped[UUID]
    seq: Mapped[int] = mapped_column(BigInteger)
    payload_hash: Mapped[str] = mapped_column(String(64))
    properties: Mapped[Document]


class Quarantine(Base):
    """What was refused and kept aside: the same id with another payload, or a tap that cannot be valid."""

    __tablename__ = "quarantine"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[UUID | None] = mapped_column(index=True)
    device_id: Mapped[Key]
    store_id: Mapped[Key]
    received_at: Mapped[datetime]
    code: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(2000))
    payload_hash: Mapped[str] = mapped_column(String(64))
    payload: Mapped[Document]
