"""Which tag means what in which store, and the tags nobody has given a meaning yet."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, text
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
