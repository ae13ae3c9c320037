"""Imports as they were applied, and what each changed, so that it can be taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Document, Json


class Import(Base):
    """A file that was applied: its kind, its name and hash, who gave it, and how many rows did what."""

    __tablename__ = "import"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    applied_at: Mapped[datetime]
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    counts: Mapped[Document]
    undone_at: Mapped[datetime | None]


class ImportChange(Base):
    """One stored row an import changed: as it was (None where it was new), and as the import left it."""

    __tablename__ = "import_change"
    import_id: Mapped[int] = mapped_column(ForeignKey("import.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    table_name: Mapped[str] = mapped_column(String(20))
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    after: Mapped[Document]
