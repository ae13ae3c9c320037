"""Bindings, unknown tags and desk readings in the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.access.queries import record
from server.catalogue.models import Product, Sign, Variant
from server.db import changed
from server.errors import NotFound
from server.tags.models import Binding, DeskReading, Tag, TagState, TargetKind, UnknownTag
from server.tags.rules import Target, UnknownTap
from server.wire import DeskRead

HOLDERS: dict[TargetKind, type[Product] | type[Variant] | type[Sign]] = {
    TargetKind.PRODUCT: Product,
    TargetKind.VARIANT: Variant,
    TargetKind.SIGN: Sign,
}


def open_bindings(session: Session, store_id: str, uids: Collection[str] | None = None) -> dict[str, Target]:
    """Return what the store's tags mean now, by UID (all tags where `uids` is None)."""
    wanted = select(Binding).where(Binding.store_id == store_id, Binding.bound_until.is_(None))
    if uids is not None:
        wanted = wanted.where(Binding.uid.in_(list(uids)))
    return {row.uid: Target(TargetKind(row.target_kind), row.target_id) for row in session.scalars(wanted)}


def bindings(session: Session, store_id: str) -> list[Binding]:
    """Return the store's open bindings, the newest first."""
    wanted = select(Binding).where(Binding.store_id == store_id, Binding.bound_until.is_(None))
    return list(session.scalars(wanted.order_by(Binding.bound_from.desc(), Binding.id.desc())))


def bind(
    session: Session, *, store_id: str, uid: str, target: Target, staff_id: str | None, now: datetime
) -> Binding:
    """Say what a tag means from now on, ending what it meant before; raises `NotFound` for no such target."""
    if session.get(HOLDERS[target.kind], target.id) is None:
        msg = f"There is no {target.kind} {target.id}."
        raise NotFound(msg)
    before = _end(session, store_id=store_id, uid=uid, staff_id=staff_id, now=now)
    row = Binding(
        store_id=store_id,
        uid=uid,
        target_kind=target.kind,
        target_id=target.id,
        bound_from=now,
        bound_by=staff_id,
    )
    session.add(row)
    forget_unknown(session, store_id=store_id, uid=uid)
    _put_to_use(session, uid, before=TagState.NEW, after=TagState.ACTIVE)
    after = {"kind": target.kind, "id": target.id}
    record(
        session,
        now=now,
        staff_id=staff_id,
        store_id=store_id,
        action="bind",
        subject=uid,
        before=before,
        after=after,
    )
    changed(session, store_id)
    session.flush()
    return row


def unbind(session: Session, *, store_id: str, uid: str, staff_id: str | None, now: datetime) -> None:
    """Take a tag's meaning back; raises `NotFound` where it has none."""
    before = _end(session, store_id=store_id, uid=uid, staff_id=staff_id, now=now)
    if before is None:
        msg = f"Tag {uid} means nothing in this store."
        raise NotFound(msg)
    _put_to_use(session, uid, before=TagState.ACTIVE, after=TagState.NEW)
    record(session, now=now, staff_id=staff_id, store_id=store_id, action="unbind", subject=uid, before=before)
    changed(session, store_id)


def _put_to_use(session: Session, uid: str, *, before: TagState, after: TagState) -> None:
    session.execute(update(Tag).where(Tag.uid == uid, Tag.state == before).values(state=after))


def _end(
    session: Session, *, store_id: str, uid: str, staff_id: str | None, now: datetime
) -> dict[str, str] | None:
    wanted = select(Binding).where(Binding.store_id == store_id, Binding.uid == uid, Binding.bound_until.is_(None))
    row = session.scalars(wanted.with_for_update()).first()
    if row is None:
        return None
    row.bound_until, row.ended_by = now, staff_id
    session.flush()
    return {"kind": row.target_kind, "id": row.target_id}


def note_unknown(connection: Connection, taps: Sequence[UnknownTap]) -> None:
    """Put tags on the manager's list, or count one more tap of each, in the caller's transaction."""
    if not taps:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(UnknownTag)
    latest = {name: insert.excluded[name] for name in ("uri", "outcome", "kiosk_id", "last_seen")}
    counted = insert.on_conflict_do_update(
        index_elements=[UnknownTag.store_id, UnknownTag.uid],
        set_={**latest, "taps": UnknownTag.taps + 1},
    )
    ordered = sorted(taps, key=lambda tap: (tap.store_id, tap.uid))  # one order for all writers: no deadlock
    connection.execute(counted, [_unknown_row(tap) for tap in ordered])


def _unknown_row(tap: UnknownTap) -> dict[str, Any]:
    return {
        "store_id": tap.store_id,
        "uid": tap.uid,
        "uri": tap.uri,
        "outcome": tap.outcome,
        "kiosk_id": tap.kiosk_id,
        "first_seen": tap.seen_at,
        "last_seen": tap.seen_at,
        "taps": 1,
    }


def forget_unknown(session: Session, *, store_id: str, uid: str) -> None:
    """Take a tag off the manager's list."""
    session.execute(delete(UnknownTag).where(UnknownTag.store_id == store_id, UnknownTag.uid == uid))


def unknown_tags(session: Session, store_id: str) -> list[UnknownTag]:
    """Return the tags tapped in the store that mean nothing there, the latest first."""
    wanted = select(UnknownTag).where(UnknownTag.store_id == store_id)
    return list(session.scalars(wanted.order_by(UnknownTag.last_seen.desc())))


def note_desk_reading(session: Session, *, kiosk_id: str, store_id: str, read: DeskRead, now: datetime) -> None:
    """Keep the last tag laid on a desk reader."""
    session.merge(
        DeskReading(
            kiosk_id=kiosk_id,
            store_id=store_id,
            read_id=str(read.read_id),
            read_at=now,
            uid=read.uid,
            uri=read.uri,
            outcome=read.outcome,
            product=read.product,
        )
    )


def desk_reading(session: Session, store_id: str, *, since: datetime) -> DeskReading | None:
    """Return the tag last laid on a desk reader of the store since then."""
    wanted = select(DeskReading).where(DeskReading.store_id == store_id, DeskReading.read_at >= since)
    return session.scalars(wanted.order_by(DeskReading.read_at.desc()).limit(1)).first()
