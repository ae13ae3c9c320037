"""The configuration pages of an NTAG21x, and the ASCII mirror they ask for (data sheet, 8.5.7 and 8.7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from hardware.virtual.ntag21x_memory import FIRST_DATA_PAGE, Memory

MIRRORS_UID, MIRRORS_COUNT = 0b01, 0b10


@dataclass(frozen=True, slots=True)
class Settings:
    """What CFG0 and CFG1 say, as read at power-up.

    `guarded_from` is the first page the password guards (AUTH0); `most_failures` the wrong passwords after
    which the right one is refused too, 0 for any number (AUTHLIM); `mirror_at` the byte where the mirror begins.
    """

    guarded_from: int
    guards_reading: bool
    locked: bool
    counts: bool
    guards_count: bool
    most_failures: int
    mirrors: int
    mirror_at: int

    @classmethod
    def of(cls, memory: Memory) -> Self:
        """Return the settings that stand in memory."""
        cfg0, access = memory.page(memory.layout.lock_page + 1), memory.page(memory.layout.lock_page + 2)[0]
        return cls(
            guarded_from=cfg0[3],
            guards_reading=bool(access & 0x80),
            locked=bool(access & 0x40),
            counts=bool(access & 0x10),
            guards_count=bool(access & 0x08),
            most_failures=access & 0x07,
            mirrors=cfg0[0] >> 6,
            mirror_at=cfg0[2] * 4 + (cfg0[0] >> 4 & 3),
        )


def mirrored(memory: Memory, settings: Settings, uid: bytes, *, count: int | None) -> bytes:
    """Return memory with UID and read counter laid over it in ASCII hex; `count` is None where it is hidden."""
    content, data_end = bytes(memory.content), memory.layout.lock_page * 4
    pieces = []
    if settings.mirrors & MIRRORS_UID:
        pieces.append(uid.hex().upper())
    if settings.mirrors & MIRRORS_COUNT and count is not None:
        pieces.append(f"{count:06X}")
    text, at = "x".join(pieces).encode(), settings.mirror_at
    if at < FIRST_DATA_PAGE * 4 or at + len(text) > data_end:
        return content
    return content[:at] + text + content[at + len(text) :]
