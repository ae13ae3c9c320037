"""Reading a Type 3 tag (FeliCa) over any exchange of frames, with limits at every step."""

from __future__ import annotations

from hardware import ndef
from hardware.radio import TagGarbled
from hardware.tag import Outcome
from hardware.type2 import Exchange

CHECK = 0x06
NDEF_SERVICE = b"\x0b\x00"
NDEF_SYSTEM = b"\x12\xfc"
MOST_AT_ONCE = 4
"""Blocks of 16 bytes in one CHECK: what every tag gives."""


def read(exchange: Exchange, idm: bytes) -> tuple[Outcome, str | None]:
    """Read the NDEF message behind the attribute block (NFC Forum Type 3 Tag 1.0); `idm` is 8 bytes."""
    attributes = _check(exchange, idm, [0])
    if attributes is None:
        return Outcome.NOT_NDEF, None
    if int.from_bytes(attributes[14:16], "big") != sum(attributes[:14]) or attributes[0] >> 4 != 1:
        return Outcome.NOT_NDEF, None
    at_once, length = min(attributes[1], MOST_AT_ONCE), int.from_bytes(attributes[11:14], "big")
    if not at_once or length > ndef.LARGEST_MESSAGE:
        return Outcome.MALFORMED, None
    blocks, message = range(1, 1 + -(-length // 16)), b""
    for first in blocks[::at_once]:
        part = _check(exchange, idm, [n for n in blocks if first <= n < first + at_once])
        if part is None:
            return Outcome.MALFORMED, None
        message += part
    return ndef.decode(message[:length])


def _check(exchange: Exchange, idm: bytes, blocks: list[int]) -> bytes | None:
    """Return the blocks' bytes, None where the tag refuses; raises `TagGarbled` for what is no answer to CHECK."""
    names = b"".join(bytes([0x80, n]) if n < 256 else bytes([0x00, n & 0xFF, n >> 8]) for n in blocks)
    frame = bytes([CHECK]) + idm + b"\x01" + NDEF_SERVICE + bytes([len(blocks)]) + names
    answer = exchange(bytes([len(frame) + 1]) + frame)
    if len(answer) < 12 or answer[0] != len(answer) or answer[1] != CHECK + 1 or answer[2:10] != idm:
        msg = "no answer to CHECK"
        raise TagGarbled(msg)
    if answer[10] or answer[11]:
        return None
    data = answer[13:]
    if len(data) != 16 * len(blocks):
        msg = "an answer to CHECK of a wrong length"
        raise TagGarbled(msg)
    return data
