"""Where one Type A tag stands between silence and talk (ISO/IEC 14443-3, clause 6)."""

from __future__ import annotations

from functools import reduce
from operator import xor

REQUEST, WAKE_UP, HALT = b"\x26", b"\x52", b"\x50\x00"
SELECT = (0x93, 0x95, 0x97)
"""SEL codes of the cascade levels 1, 2 and 3."""
CASCADE_TAG, CASCADE_BIT = b"\x88", 0x04
WHOLE = 40
"""Bits of one cascade level: four bytes of the UID and their check byte."""


class Selection:
    """Idle, ready, active or halted. Only an active tag takes commands.

    `uid` is 4, 7 or 10 bytes; `sens_res` is the ATQA as it travels, low byte first; `sak` the last SAK.
    """

    def __init__(self, uid: bytes, sens_res: bytes, sak: int) -> None:
        if len(uid) not in {4, 7, 10}:
            msg = f"a UID has 4, 7 or 10 bytes, not {len(uid)}"
            raise ValueError(msg)
        self.uid, self.sens_res, self.sak = uid, sens_res, sak
        self._halted, self._level = False, -1

    @property
    def active(self) -> bool:
        """Return whether the tag was selected whole and has not fallen out of it since."""
        return self._level == len(self._parts())

    def power_up(self) -> None:
        """Begin idle: the field was off."""
        self._halted, self._level = False, -1

    def drop(self) -> None:
        """Fall back to where the tag was woken from, as after an error."""
        self._level = -1

    def halt(self) -> None:
        """Sleep until WUPA or the next power-up."""
        self._halted, self._level = True, -1

    def answer(self, frame: bytes) -> bytes | None:
        """Answer REQA, WUPA, anticollision and SELECT; None for silence.

        An anticollision answer holds the bits not asked for; where the reader knew part of a byte, that
        part is zero in the answer's first byte.
        """
        if frame in {REQUEST, WAKE_UP}:
            return self._wake(frame)
        if self._level < 0:
            return None
        if len(frame) < 2 or frame[0] != SELECT[self._level]:
            self.drop()
            return None
        part = self._parts()[self._level]
        return self._select(frame, part) if frame[1] == 0x70 else _rest(frame, part)

    def _wake(self, frame: bytes) -> bytes | None:
        if self._level >= 0:
            self.drop()
            return None
        if self._halted and frame == REQUEST:
            return None
        self._level = 0
        return self.sens_res

    def _select(self, frame: bytes, part: bytes) -> bytes | None:
        if frame[2:] != part:
            self.drop()
            return None
        self._level += 1
        return bytes([self.sak if self.active else CASCADE_BIT])

    def _parts(self) -> list[bytes]:
        whole = cascaded(self.uid)
        fours = [whole[at : at + 4] for at in range(0, len(whole), 4)]
        return [four + bytes([reduce(xor, four)]) for four in fours]


def cascaded(uid: bytes) -> bytes:
    """Return a UID as its cascade levels carry it: four bytes each, the cascade tag before all but the last."""
    levels = b""
    while len(uid) > 4:
        levels, uid = levels + CASCADE_TAG + uid[:3], uid[3:]
    return levels + uid


def _rest(frame: bytes, part: bytes) -> bytes | None:
    known = ((frame[1] >> 4) - 2) * 8 + (frame[1] & 7)
    if not 0 <= known < WHOLE or len(frame) - 2 != (known + 7) // 8:
        return None
    mask = (1 << known) - 1
    mine, asked = int.from_bytes(part, "little"), int.from_bytes(frame[2:], "little")
    if (mine ^ asked) & mask:
        return None
    return (mine & ~mask).to_bytes(5, "little")[known // 8 :]
