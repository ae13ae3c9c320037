"""Which tag means what in which store, the tags nobody has given a meaning yet, and what each tag is."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Key, StoreKey, Uid


class TargetKind(StrEnum):
    """What a tag can mean."""

    PRODUCT = "product"
    VARIANT = "variant"
    SIGN = "sign"


class Binding(Base):
    """A tag's meaning in a store, from one moment until another, and by whom."""

    __tablename__ = "binding"
    __table_args__ = (
        Index(
            "uq_binding_open",
            "store_id",
            "uid",
            unique=True,
            sqlite_where=text("bound_until IS NULL"),
            postgresql_where=text("bound_until IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[StoreKey]
    uid: Mapped[Uid]
    target_kind: Mapped[str] = mapped_column(String(20))
    target_id: Mapped[Key]
    """A product id, a GTIN or a sign id, as `target_kind` says."""
    bound_from: Mapped[datetime]
    bound_until: Mapped[datetime | None]
    bound_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))


class UnknownTag(Base):
    """A tag tapped in a store where it means nothing: the manager's list."""

    __tablename__ = "unknown_tag"
    store_id: Mapped[StoreKey] = mapped_column(primary_key=True)
    uid: Mapped[Uid] = mapped_column(primary_key=True)
    uri: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(20))
    kiosk_id: Mapped[Key]
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    taps: Mapped[int] = mapped_column(default=1)


class DeskReading(Base):
    """The last tag laid on a desk reader; the manager's page asks for it."""

    __tablename__ = "desk_reading"
    kiosk_id: Mapped[str] = mapped_column(ForeignKey("kiosk.id"), primary_key=True)
    store_id: Mapped[StoreKey] = mapped_column(index=True)
    read_id: Mapped[str] = mapped_column(String(36))
    read_at: Mapped[datetime]
    uid: Mapped[Uid]
    uri: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(20))
    product: Mapped[str] = mapped_column(String(40), default="")


class TagState(StrEnum):
    """Where a tag stands in its life."""

    NEW = "new"
    ACTIVE = "active"
    DAMAGED = "damaged"
    LOST = "lost"
    RETIRED = "retired"


class Tag(Base):
    """A tag of the chain, enrolled: its chip, what was written on it, how often it says it was read."""

    __tablename__ = "tag"
    uid: Mapped[Uid] = mapped_column(primary_key=True)
    store_id: Mapped[StoreKey] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(20), default=TagState.NEW)
    chip: Mapped[str] = mapped_column(String(32), default="")
    signature: Mapped[str | None] = mapped_column(String(128))
    """The maker's, in hex."""
    uri: Mapped[str | None] = mapped_column(Text, index=True)
    """What was written on it; None where it was not we who wrote, or where it changes with each read."""
    content_hash: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the whole message that was written, in hex."""
    locked: Mapped[bool] = mapped_column(default=False)
    protected: Mapped[bool] = mapped_column(default=False)
    key_set: Mapped[str | None] = mapped_column(String(64))
    """The keys it signs with; None for a tag that does not sign."""
    counter: Mapped[int] = mapped_column(default=-1)
    """The highest read counter it ever showed; it only rises."""
    counted_at: Mapped[datetime | None]
    counted_by: Mapped[UUID | None] = mapped_column(Uuid)
    """The tap that showed it."""
    enrolled_at: Mapped[datetime]
    enrolled_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    written_by: Mapped[str] = mapped_column(String(200), default="")
    """Who wrote it, in the writer's words."""
