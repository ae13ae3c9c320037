"""What is stored, as the API gives it."""

from __future__ import annotations

from typing import Self

from server.wire.values import Frozen


class Record(Frozen):
    """A value made of what is stored under the names of its fields."""

    @classmethod
    def of(cls, row: object) -> Self:
        """Return what of a stored row is told."""
        return cls.model_validate(row, from_attributes=True)
