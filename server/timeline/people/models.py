"""Ids that belong together, as rows that say who said so, when and why; nothing else is ever rewritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Document, Json, Key


class IdKind(StrEnum):
    """What an id is of, in the order a person is called by. A kiosk has none: many people share it."""

    CUSTOMER = "customer"
    """What the chain's own books call a customer, in every channel."""
    CARD = "card"
    """A loyalty card or band, as its keyed hash."""
    EMAIL = "email"
    """An e-mail address, as its keyed hash."""
    VISIT = "visit"
    """One stay at a kiosk, or one browser: anonymous until it is linked."""


@dataclass(frozen=True, slots=True)
class Id:
    """One id of one kind."""

    kind: IdKind
    value: str

    def __str__(self) -> str:
        """Return it as people write it: `customer:4711`."""
        return f"{self.kind}:{self.value}"


class Link(Base):
    """Two ids of one person, from `linked_at` until `unlinked_at`. Rows are never changed otherwise."""

    __tablename__ = "person_link"
    __table_args__ = (
        Index("ix_person_link_one_kind_one_id", "one_kind", "one_id"),
        Index("ix_person_link_other_kind_other_id", "other_kind", "other_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    one_kind: Mapped[str] = mapped_column(String(20))
    one_id: Mapped[str] = mapped_column(String(200))
    other_kind: Mapped[str] = mapped_column(String(20))
    other_id: Mapped[str] = mapped_column(String(200))
    source: Mapped[Key]
    """Who said so: `kiosk:…`, `crm`, `staff:…`."""
    reason: Mapped[str] = mapped_column(String(500))
    linked_at: Mapped[datetime]
    unlinked_at: Mapped[datetime | None]
    unlinked_by: Mapped[Key | None]
    unlinked_reason: Mapped[str | None] = mapped_column(String(500))

    @property
    def ends(self) -> tuple[Id, Id]:
        """Return the two ids."""
        return Id(IdKind(self.one_kind), self.one_id), Id(IdKind(self.other_kind), self.other_id)


class RequestKind(StrEnum):
    """What a person may ask of the chain (GDPR, articles 15 to 21)."""

    ACCESS = "access"
    """To see what there is."""
    EXPORT = "export"
    """A copy of all there is, to take elsewhere."""
    RESTRICT = "restrict"
    """Keep it, use it for nothing."""
    OBJECT = "object"
    """Make no profile of it: no suggestions from earlier visits. A member's price stays theirs."""
    ERASE = "erase"


class PersonRequest(Base):
    """What a person asked for and what was done: the receipt. It names nobody: only hashes of the ids are kept.

    Those of an erasure are the list that is gone through again after an older backup was restored.
    """

    __tablename__ = "person_request"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    hashes: Mapped[list[str]] = mapped_column(Json)
    """Keyed hashes of all the person's ids at that moment."""
    asked_by: Mapped[Key]
    done_at: Mapped[datetime]
    counts: Mapped[Document]
    """How many rows of what were given, or are gone."""
    lifted_at: Mapped[datetime | None]


class Retention(Base):
    """How many days what is of a kind is kept; what is older the purge takes away."""

    __tablename__ = "retention"
    kind: Mapped[Key] = mapped_column(primary_key=True)
    days: Mapped[int]
