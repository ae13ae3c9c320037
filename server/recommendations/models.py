"""Trained models, kept in the database so that every server process finds them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Document


class TrainedModel(Base):
    """One training: arrays and JSON in one checksummed file, never pickle. The newest serving one answers.

    `serving` is False for one that was not promoted or was taken back; `report` says why.
    """

    __tablename__ = "trained_model"
    version: Mapped[int] = mapped_column(primary_key=True)
    trained_at: Mapped[datetime]
    serving: Mapped[bool] = mapped_column(default=True)
    file: Mapped[bytes] = mapped_column(LargeBinary)
    report: Mapped[Document]
