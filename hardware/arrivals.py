"""What is news: a tag that was not there before. Pure."""

from __future__ import annotations

ABSENCES = 2
"""Clean looks in a row that must find nothing before a tag counts as gone."""


class Arrivals:
    """Remembers the tag that rests on the reader."""

    def __init__(self, absences: int = ABSENCES) -> None:
        self._needed, self._missed = absences, 0
        self.resting: bytes | None = None

    def is_news(self, key: bytes) -> bool:
        """Return whether the tag seen now was not resting there already."""
        self._missed = 0
        return key != self.resting

    def settled(self, key: bytes) -> None:
        """Say that the tag was told of and rests from now on."""
        self.resting = key

    def absent(self) -> bool:
        """Say that a look found nothing; return True once that makes the resting tag gone."""
        self._missed += 1
        if self.resting is None or self._missed < self._needed:
            return False
        self.resting = None
        return True
