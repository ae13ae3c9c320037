"""Stores, the staff who work in them, the kiosks that stand in them, and who changed what."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Double, ForeignKey, Index, String, event, insert, inspect, update
from sqlalchemy.orm import Mapped, mapped_column, object_session

from server.db import CHAIN, Base, Document, Key, Revision, StoreKey, Words


class Role(StrEnum):
    """What a member of staff may do."""

    ASSOCIATE = "associate"
    MANAGER = "manager"
    MERCHANDISER = "merchandiser"
    OPERATOR = "operator"


class Store(Base):
    """A shop of the chain, with the clock and money it lives by."""

    __tablename__ = "store"
    id: Mapped[Key] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    locale: Mapped[str] = mapped_column(String(16))
    place: Mapped[Words | None]
    region: Mapped[str | None] = mapped_column(String(64))
    """The region promotions may name, where the chain has regions."""
    latitude: Mapped[float | None] = mapped_column(Double)
    longitude: Mapped[float | None] = mapped_column(Double)
    """Where it stands, in degrees (WGS 84), both or neither."""
    hours: Mapped[Document | None]
    """When it is open: a document of `catalogue.hours.OpeningHours`."""


NEARBY = ("name", "time_zone", "latitude", "longitude", "hours")
"""What the cards of other stores say of one."""


@event.listens_for(Store, "after_update")
def _shown_anew(_mapper: object, connection: Connection, store: Store) -> None:
    """Raise the revision of a store that was changed: its cards and their intervals are worked out anew."""
    session = object_session(store)
    if session is None or not session.is_modified(store):
        return
    told = inspect(store).attrs
    scopes = [store.id, *([CHAIN] if any(told[name].history.has_changes() for name in NEARBY) else [])]
    for scope in scopes:
        raised = update(Revision).where(Revision.scope == scope).values(number=Revision.number + 1)
        if not connection.execute(raised).rowcount:
            connection.execute(insert(Revision).values(scope=scope, number=1))


class Staff(Base):
    """A member of staff. `session_key` is part of every log-in cookie: a new one ends all sessions."""

    __tablename__ = "staff"
    id: Mapped[Key] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200))
    session_key: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(16), default="en")
    disabled_at: Mapped[datetime | None]


class StaffStore(Base):
    """A store a member of staff works for; merchandisers and operators need none: they see all."""

    __tablename__ = "staff_store"
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    store_id: Mapped[StoreKey] = mapped_column(primary_key=True)


class KioskKind(StrEnum):
    """A kiosk faces shoppers; a desk reader serves the manager."""

    KIOSK = "kiosk"
    DESK = "desk"


class Kiosk(Base):
    """A device with a key of its own. Only the key's SHA-256 is kept; the key is 32 random bytes."""

    __tablename__ = "kiosk"
    id: Mapped[Key] = mapped_column(primary_key=True)
    store_id: Mapped[StoreKey] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20), default=KioskKind.KIOSK)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Audit(Base):
    """Who changed what, when; rows are only ever added."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_store_id_at", "store_id", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    store_id: Mapped[Key | None]
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(200), index=True)
    before: Mapped[Document | None]
    after: Mapped[Document | None]
