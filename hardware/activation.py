"""Selecting a Type A tag frame by frame, where the device only carries frames (ISO/IEC 14443-3, 6.5)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import reduce
from operator import xor

from hardware.radio import TagGarbled, TagsCollided, Target

WAKE = b"\x26"
CASCADE = (0x93, 0x95, 0x97)
INCOMPLETE = 0x04
"""The bit of SEL_RES that says: the UID goes on in the next cascade level."""

MOST_ASKED = 4
"""How often a tag is asked for its UID: noise passes, and what two tags say together is garbled each time."""

Carry = Callable[[bytes], bytes]
"""Send a frame, return the answer; raises `TagSilent` or `TagGarbled`."""


def activate(carry: Carry, sens_res: bytes, uid: bytes | None = None) -> Target:
    """Select the tag that answered `sens_res`, or the one with `uid`; raises `TagsCollided` where two answer."""
    if len(sens_res) != 2:
        msg = "SENS_RES of a wrong length"
        raise TagGarbled(msg)
    if not sens_res[0] & 0x1F:  # Type 1: it knows no anticollision
        return Target(b"", None, sens_res)
    known = cascaded(uid) if uid else []
    found = b""
    for level, code in enumerate(CASCADE):
        part = known[level] if level < len(known) else _resolve(carry, code)
        sak = _select(carry, code, part)
        found += part[1:] if sak & INCOMPLETE else part
        if not sak & INCOMPLETE:
            return Target(found, sak, sens_res)
    msg = "a UID without end"
    raise TagGarbled(msg)


def cascaded(uid: bytes) -> list[bytes]:
    """Return the four bytes of each cascade level of a UID; all but the last begin with the cascade tag."""
    parts = []
    while len(uid) > 4:
        parts.append(b"\x88" + uid[:3])
        uid = uid[3:]
    return [*parts, uid]


def _resolve(carry: Carry, code: int) -> bytes:
    for _ in range(MOST_ASKED):
        with suppress(TagGarbled):
            answer = carry(bytes([code, 0x20]))
            if len(answer) == 5 and not reduce(xor, answer):
                return answer[:4]
    msg = "two tags answered at once"
    raise TagsCollided(msg)


def _select(carry: Carry, code: int, part: bytes) -> int:
    answer = carry(bytes([code, 0x70]) + part + bytes([reduce(xor, part)]))
    if len(answer) != 1:
        msg = "SEL_RES of a wrong length"
        raise TagGarbled(msg)
    return answer[0]
