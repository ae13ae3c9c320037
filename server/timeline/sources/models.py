"""Who may write to the timeline, or read it, from outside."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Document, Key


class Right(StrEnum):
    """What a source's key opens. Only who can keep a key secret should hold more than the first."""

    WRITE = "write"
    """May write events."""
    VOUCH = "vouch"
    """Is believed when it says whose visit it was, and in which store; of others this is a proposal only."""
    READ = "read"
    """May read timelines, the live stream and the export."""
    PEOPLE = "people"
    """May say who is who, and pass on what people ask for: a copy, no use, no profile, to be forgotten."""


class Source(Base):
    """A web shop, an app, a till. Only its key's SHA-256 is kept; with a new key it stays the same source."""

    __tablename__ = "source"
    id: Mapped[Key] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    store_id: Mapped[Key | None]
    """The one store all it tells of happens in, where there is one."""
    rights: Mapped[Document]
    """`{"may": [Right, …]}`."""
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
