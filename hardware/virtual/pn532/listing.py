"""How the firmware finds and selects tags (UM0701-02, 7.3.5), bit by bit where several answer at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import xor

from hardware.virtual.selection import CASCADE_BIT, CASCADE_TAG, HALT, REQUEST, SELECT, WHOLE

Carry = Callable[[bytes], bytes | None]


@dataclass(frozen=True, slots=True)
class Listed:
    """A Type A tag the firmware has selected."""

    sens_res: bytes
    sak: int
    uid: bytes

    def written(self, number: int) -> bytes:
        """Return the tag as InListPassiveTarget tells it; SENS_RES has its high byte first there."""
        return bytes([number]) + self.sens_res[::-1] + bytes([self.sak, len(self.uid)]) + self.uid


class Unselectable(Exception):
    """Raised inside this folder where something answered the wake-up and could not be selected."""


def find_type_a(carry: Carry, wanted: bytes = b"", wake: bytes = REQUEST) -> Listed | None:
    """Return the tag selected: the one whose UID is `wanted` (cascade tags included), or any.

    None where nothing answers the wake-up; raises `Unselectable` where the rest fails.
    """
    sens_res = carry(wake)
    if sens_res is None:
        return None
    if len(sens_res) != 2:
        raise Unselectable
    uid = b""
    for level, code in enumerate(SELECT):
        part = wanted[level * 4 : level * 4 + 4] or _resolve(carry, code)
        sak = carry(bytes([code, 0x70]) + part + bytes([reduce(xor, part)]))
        if sak is None or len(sak) != 1:
            raise Unselectable
        uid += part[1:] if part[:1] == CASCADE_TAG and sak[0] & CASCADE_BIT else part
        if not sak[0] & CASCADE_BIT:
            return Listed(sens_res, sak[0], uid)
    raise Unselectable


def put_to_sleep(carry: Carry) -> None:
    """Send HLTA, so that another tag can be found."""
    carry(HALT)


def _resolve(carry: Carry, code: int) -> bytes:
    """Return the four bytes of one tag at this level; at each collision the firmware follows the one."""
    known, count = 0, 0
    while count < WHOLE:
        answer = _ask(carry, code, known=known, count=count)
        if answer:
            whole = known | int.from_bytes(answer, "little") << count // 8 * 8
            part = whole.to_bytes(WHOLE // 8 + 1, "little")[:5]
            if reduce(xor, part):
                raise Unselectable
            return part[:4]
        if answer is None:
            raise Unselectable
        one = known | 1 << count
        known, count = (one if _ask(carry, code, known=one, count=count + 1) is not None else known), count + 1
    raise Unselectable


def _ask(carry: Carry, code: int, *, known: int, count: int) -> bytes | None:
    valid = 0x20 + (count // 8 << 4) + count % 8
    return carry(bytes([code, valid]) + known.to_bytes(5, "little")[: (count + 7) // 8])
