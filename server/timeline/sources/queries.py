"""Sources in the database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.queries import store
from server.access.rules import key_hash
from server.errors import Conflict, NotFound
from server.timeline.sources.models import Right, Source
from server.timeline.sources.rules import KnownSource


def source_of_key(session: Session, hashed: str) -> KnownSource | None:
    """Return the source with this key hash, or None where it is unknown or revoked."""
    row = session.scalars(select(Source).where(Source.key_hash == hashed)).first()
    return None if row is None or row.revoked_at is not None else known(row)


def known(row: Source) -> KnownSource:
    """Return the source as those see it who act on what it sends."""
    return KnownSource(row.id, row.channel, row.store_id, frozenset(Right(one) for one in row.rights["may"]))


def all_sources(session: Session) -> list[Source]:
    """Return every source by name, revoked ones too."""
    return list(session.scalars(select(Source).order_by(Source.id)))


def source(session: Session, source_id: str) -> Source:
    """Return the source; raises `NotFound`."""
    row = session.get(Source, source_id)
    if row is None:
        msg = f"There is no source {source_id}; `shelftalker sources list` names them."
        raise NotFound(msg)
    return row


def add_source(
    session: Session,
    source_id: str,
    *,
    channel: str,
    store_id: str | None,
    rights: Collection[Right],
    key: str,
    now: datetime,
) -> Source:
    """Store a source under its key's hash; raises `Conflict` for a name taken, `NotFound` for no such store."""
    if session.get(Source, source_id) is not None:
        msg = f"There is a source {source_id} already; `shelftalker sources rotate` gives it a new key."
        raise Conflict(msg)
    if store_id is not None:
        store(session, store_id)
    row = Source(id=source_id, channel=channel, store_id=store_id, key_hash=key_hash(key), created_at=now)
    row.rights = {"may": sorted(rights)}
    session.add(row)
    return row
