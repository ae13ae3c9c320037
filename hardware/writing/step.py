"""One write among those that turn a tag's content into another, and what the tag reads after it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Content(StrEnum):
    """What a tag may read while it is written, and after: never half a message."""

    OLD = "old"
    EMPTY = "empty"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Step:
    """Write `content` at `address` (a page, or an offset in a file); `leaves` is what the tag reads from then on,
    None where this step does not change it.
    """

    address: int
    content: bytes
    leaves: Content | None = None
