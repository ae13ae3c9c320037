"""Sets of keys in the database: added, read, given up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.access.queries import record
from server.errors import NotFound
from server.tags.keyring.models import TagKeys
from server.tags.keyring.sealing import NONCE, Masters, seal, unseal


def add_keys(session: Session, name: str, masters: Masters, *, sealing: bytes, nonce: bytes, now: datetime) -> int:
    """Store the keys as the newest version of the set and return its number; older ones go on being accepted."""
    newest = session.scalar(select(func.max(TagKeys.version)).where(TagKeys.name == name)) or 0
    version = newest + 1
    sealed = seal(masters, sealing, label=_label(name, version), nonce=nonce[:NONCE])
    session.add(TagKeys(name=name, version=version, sealed=sealed, added_at=now))
    record(session, now=now, staff_id=None, store_id=None, action="tag keys added", subject=_label(name, version))
    return version


def retire_keys(session: Session, name: str, version: int, *, now: datetime) -> None:
    """Accept no message of this version from now on; raises `NotFound`."""
    row = session.get(TagKeys, (name, version))
    if row is None:
        msg = f"There are no keys {_label(name, version)}."
        raise NotFound(msg)
    row.retired_at = row.retired_at or now
    record(
        session, now=now, staff_id=None, store_id=None, action="tag keys retired", subject=_label(name, version)
    )


def reseal(session: Session, *, old: bytes, new: bytes, luck: Callable[[int], bytes]) -> int:
    """Seal every version anew and return how many; raises `SettingsError` where `old` does not open one."""
    rows = all_keys(session)
    for row in rows:
        label = _label(row.name, row.version)
        row.sealed = seal(unseal(row.sealed, old, label=label), new, label=label, nonce=luck(NONCE))
    return len(rows)


def all_keys(session: Session) -> list[TagKeys]:
    """Return every version of every set, sealed, by name, the newest first."""
    return list(session.scalars(select(TagKeys).order_by(TagKeys.name, TagKeys.version.desc())))


def open_keys(session: Session, sealing: bytes) -> dict[str, list[Masters]]:
    """Return the keys in use by set, the newest first; raises `SettingsError` where `sealing` opens none."""
    opened: dict[str, list[Masters]] = {}
    for row in all_keys(session):
        if row.retired_at is None:
            masters = unseal(row.sealed, sealing, label=_label(row.name, row.version))
            opened.setdefault(row.name, []).append(masters)
    return opened


def _label(name: str, version: int) -> str:
    return f"{name} {version}"
