"""Stores, staff and devices in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.models import Audit, Kiosk, KioskKind, Role, Staff, StaffStore, Store
from server.access.rules import SEES_ALL_STORES, Device, StaffMember, key_hash
from server.errors import Conflict, NotFound
from server.prepared import Prepared


def device_of_key(session: Session, hashed: str) -> Device | None:
    """Return the device with this key hash, or None where it is unknown or revoked."""
    row = session.scalars(select(Kiosk).where(Kiosk.key_hash == hashed)).first()
    if row is None or row.revoked_at is not None:
        return None
    return Device(row.id, row.store_id, row.kind, row.name)


def stores(session: Session, store_ids: Sequence[str] | None = None) -> list[Store]:
    """Return stores by name: those of `store_ids`, or all."""
    wanted = select(Store).order_by(Store.name)
    if store_ids is not None:
        wanted = wanted.where(Store.id.in_(store_ids))
    return list(session.scalars(wanted))


def store(session: Session, store_id: str) -> Store:
    """Return the store; raises `NotFound`."""
    row = session.get(Store, store_id)
    if row is None:
        raise _no_store(store_id)
    return row


def _no_store(store_id: str) -> NotFound:
    return NotFound(f"There is no store {store_id}.")


class StoreRow(NamedTuple):
    """What a card needs of a `Store`."""

    id: str
    name: str
    time_zone: str
    currency: str
    locale: str
    region: str | None
    latitude: float | None
    longitude: float | None


AnyStore = Store | StoreRow
STORE = Prepared(select(*(getattr(Store, name) for name in StoreRow._fields)), Store.id)


def store_row(session: Session, store_id: str) -> StoreRow:
    """Return what a card needs of the store, past the session's objects; raises `NotFound`."""
    session.flush()
    for row in STORE.rows(session.connection(), [store_id]):
        return StoreRow(*row)
    raise _no_store(store_id)


def device_names(session: Session, store_id: str) -> dict[str, str]:
    """Return what people call the store's kiosks and desk readers, revoked ones too, by id."""
    rows = session.execute(select(Kiosk.id, Kiosk.name).where(Kiosk.store_id == store_id))
    return dict(rows.all())


def member(session: Session, staff_id: str, session_key: str) -> StaffMember | None:
    """Return who this log-in belongs to, or None where it was ended or the person disabled."""
    row = session.get(Staff, staff_id)
    if row is None or row.disabled_at is not None or row.session_key != session_key:
        return None
    return _member(session, row)


def staff_by_login(session: Session, login: str) -> Staff | None:
    """Return the member of staff with this log-in name, whatever its case."""
    return session.scalars(select(Staff).where(Staff.login == login.strip().lower())).first()


def _member(session: Session, row: Staff) -> StaffMember:
    role = Role(row.role)
    wanted = select(Store.id).order_by(Store.name)
    if role not in SEES_ALL_STORES:
        wanted = wanted.join(StaffStore, StaffStore.store_id == Store.id).where(StaffStore.staff_id == row.id)
    return StaffMember(row.id, row.name, role, tuple(session.scalars(wanted)), row.language)


def add_kiosk(session: Session, *, kiosk: Kiosk, key: str) -> Kiosk:
    """Store a new device under its key's hash; raises `NotFound` or `Conflict`."""
    store(session, kiosk.store_id)
    if session.get(Kiosk, kiosk.id) is not None:
        msg = f"There is a device {kiosk.id} already; choose another name or revoke it first."
        raise Conflict(msg)
    kiosk.key_hash = key_hash(key)
    kiosk.kind = KioskKind(kiosk.kind)
    session.add(kiosk)
    return kiosk


def revoke_kiosk(session: Session, kiosk_id: str, now: datetime) -> None:
    """End a device's key; raises `NotFound`."""
    row = session.get(Kiosk, kiosk_id)
    if row is None:
        msg = f"There is no device {kiosk_id}."
        raise NotFound(msg)
    row.revoked_at = row.revoked_at or now


def add_staff(session: Session, row: Staff, store_ids: Sequence[str]) -> Staff:
    """Store a new member of staff with their stores; raises `Conflict` where the log-in name is taken."""
    row.login = row.login.strip().lower()
    if staff_by_login(session, row.login) is not None:
        msg = f"Somebody signs in as {row.login} already."
        raise Conflict(msg)
    session.add(row)
    session.flush()
    for store_id in store_ids:
        session.add(StaffStore(staff_id=row.id, store_id=store(session, store_id).id))
    return row


def record(
    session: Session,
    *,
    now: datetime,
    staff_id: str | None,
    store_id: str | None,
    action: str,
    subject: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add an audit row in the caller's transaction."""
    session.add(
        Audit(
            at=now,
            staff_id=staff_id,
            store_id=store_id,
            action=action,
            subject=subject,
            before=before,
            after=after,
        )
    )
