"""Reading a Type 2 tag (NTAG21x and kin) over any exchange of frames."""

from __future__ import annotations

from collections.abc import Callable

from hardware import ndef
from hardware.radio import TagGarbled
from hardware.tag import Outcome

Exchange = Callable[[bytes], bytes]
"""Send a frame, return the answer; raises where nothing or nonsense comes back."""

KIND = "Type 2"
GET_VERSION = b"\x60"
CHIPS = {0x0F: "NTAG213", 0x11: "NTAG215", 0x13: "NTAG216"}
CONFIGURATION = {"NTAG213": 0x29, "NTAG215": 0x83, "NTAG216": 0xE3}
"""First configuration page (NXP data sheet NTAG213/215/216, rev. 3.2, 8.5.7)."""
COUNTER_ON, COUNTER_LOCKED = 0x10, 0x08

FIRST_PAGES = 20
"""Pages of 4 bytes in the first FAST_READ: all of the smallest chip that knows it, a usual link on others."""
MOST_PAGES = 56
"""Pages in one FAST_READ: what every reader's frame holds."""
READ_PAGES = 4


def chip_of(version: bytes) -> str:
    """Return the chip a GET_VERSION answer names; '' for one we do not know."""
    return CHIPS.get(version[6], "") if len(version) == 8 and version[2] == 0x04 else ""


def read_fast(exchange: Exchange) -> tuple[Outcome, str | None]:
    """Read with FAST_READ: one frame for a usual tag."""

    def pages(first: int, count: int) -> bytes:
        return _whole(exchange(bytes([0x3A, first, first + count - 1])), count * 4)

    return _read(pages, FIRST_PAGES, MOST_PAGES)


def read_plain(exchange: Exchange) -> tuple[Outcome, str | None]:
    """Read with READ, four pages a frame: what every Type 2 tag understands."""
    return _read(lambda first, _: _whole(exchange(bytes([0x30, first]))), READ_PAGES, READ_PAGES)


def counter_is_on(exchange: Exchange, chip: str) -> bool:
    """Return whether an NTAG21x counts its reads and tells the count without a password."""
    access = _whole(exchange(bytes([0x30, CONFIGURATION[chip]])))[4]
    return access & (COUNTER_ON | COUNTER_LOCKED) == COUNTER_ON


def counter(exchange: Exchange) -> int | None:
    """Return how often an NTAG21x was read (READ_CNT)."""
    answer = exchange(b"\x39\x02")
    return int.from_bytes(answer, "little") if len(answer) == 3 else None


def signature(exchange: Exchange) -> bytes | None:
    """Return the 32 bytes an NTAG21x carries as its maker's signature of the UID (READ_SIG)."""
    answer = exchange(b"\x3c\x00")
    return answer if len(answer) == 32 else None


def _whole(answer: bytes, length: int = 16) -> bytes:
    if len(answer) != length:  # a NAK, most often
        msg = "the tag said no"
        raise TagGarbled(msg)
    return answer


def _read(pages: Callable[[int, int], bytes], first: int, most: int) -> tuple[Outcome, str | None]:
    memory = pages(0, first)
    if memory[12] != 0xE1 or memory[13] >> 4 != 1:
        return Outcome.NOT_NDEF, None
    capacity = memory[14] * 8
    area, next_page = memory[16:], len(memory) // 4
    while (found := find_message(area[:capacity])) is None and len(area) < capacity:
        count = min(most, -(-(capacity - len(area)) // 4), 256 - next_page)
        if count <= 0:
            break
        area, next_page = area + pages(next_page, count), next_page + count
    if found is None and not any(area[:capacity]):
        return Outcome.EMPTY, None
    return (Outcome.MALFORMED, None) if found is None else ndef.decode(found)


def find_message(area: bytes) -> bytes | None:
    """Return the value of the first NDEF TLV of a Type 2 data area; None where more bytes are needed."""
    at = 0
    while at < len(area):
        tag = area[at]
        if tag == 0x00:
            at += 1
            continue
        if tag == 0xFE:
            return b""
        if at + 1 >= len(area) or (area[at + 1] == 0xFF and at + 3 >= len(area)):
            return None
        long = area[at + 1] == 0xFF
        length = int.from_bytes(area[at + 2 : at + 4], "big") if long else area[at + 1]
        start = at + (4 if long else 2)
        if tag == 0x03:
            return area[start : start + length] if start + length <= len(area) else None
        at = start + length
    return None
