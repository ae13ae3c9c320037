"""Sets of keys, each with its versions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Key


class TagKeys(Base):
    """A version of a set of keys that tags sign with, sealed by the key from the environment."""

    __tablename__ = "tag_keys"
    name: Mapped[Key] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
