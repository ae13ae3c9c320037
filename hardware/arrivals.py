"""What is news: a tag that was not there before. Pure: the time of each look is passed in."""

from __future__ import annotations

from dataclasses import dataclass

ABSENCES = 2
"""Clean looks in a row that must find nothing before a tag counts as gone."""
BACKSTOP_SECONDS = 1.5
"""Without any proof of presence for so long a tag counts as gone even where looks were not clean."""
COLLISIONS = 3
"""Looks in a row that two tags must garble before they count as two: noise does not last."""
LOST_SECONDS = 0.5
"""How often a tag that cannot be held still is told."""

RANDOM = b"\x08"
TWO = b""


def key_of(uid: bytes) -> bytes:
    """Return what tells a tag from another: its UID; phones draw a new one that starts with 08 at each look."""
    return RANDOM if len(uid) == 4 and uid[:1] == RANDOM else uid


@dataclass(slots=True)
class Arrivals:
    """Remembers what rests on the reader, as a key of `key_of`, or `TWO`; None where nothing does."""

    resting: bytes | None = None
    _misses: int = 0
    _collisions: int = 0
    _proven: float = 0.0
    _lost: tuple[bytes, float] = (b"", float("-inf"))

    def is_news(self, key: bytes, now: float) -> bool:
        """Say that a tag was seen; return whether it was not resting there already."""
        self._misses, self._collisions, self._proven = 0, 0, now
        return key != self.resting

    def settled(self, key: bytes) -> None:
        """Say that the tag was told of and rests from now on."""
        self.resting = key

    def lost_is_news(self, key: bytes, now: float) -> bool:
        """Say that a tag left while it was read; return whether that is to be told (again)."""
        told, at = self._lost
        if key == told and now - at < LOST_SECONDS:
            return False
        self._lost = (key, now)
        return True

    def garbled(self, now: float) -> None:
        """Say that something answered nonsense: whatever rests is still there."""
        self._misses, self._proven = 0, now

    def collided(self, now: float, *, surely: bool = False) -> bool:
        """Say that two tags answered; return whether that is news. What is not sure must last for some looks."""
        self.garbled(now)
        self._collisions = COLLISIONS if surely else self._collisions + 1
        return self._collisions >= COLLISIONS and self.resting != TWO

    def silent(self, now: float) -> bool:
        """Say that the radio itself kept silent; return whether what rested counts as gone after so long."""
        return now - self._proven >= BACKSTOP_SECONDS and self._gone()

    def absent(self) -> bool:
        """Say that a clean look found nothing; return whether what rested counts as gone now."""
        self._misses, self._collisions = self._misses + 1, 0
        return self._misses >= ABSENCES and self._gone()

    def _gone(self) -> bool:
        was, self.resting = self.resting, None
        return was is not None
