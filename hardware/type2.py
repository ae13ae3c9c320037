"""Reading a Type 2 tag (NTAG21x and kin) over any exchange of frames."""

from __future__ import annotations

from collections.abc import Callable

from hardware import ndef
from hardware.tag import Outcome

Exchange = Callable[[bytes], bytes]
"""Send a frame, return the answer; raises where nothing or nonsense comes back."""

CHIPS = {0x0F: "NTAG213", 0x11: "NTAG215", 0x13: "NTAG216"}
FIRST_READ = 16
LONGEST_READ = 56
"""Pages of 4 bytes in one FAST_READ: what every reader's frame holds."""


def chip_of(version: bytes) -> str:
    """Return the chip a GET_VERSION answer names; '' for one we do not know."""
    return CHIPS.get(version[6], "") if len(version) == 8 and version[2] == 0x04 else ""


def read_fast(exchange: Exchange) -> tuple[Outcome, str | None]:
    """Read with FAST_READ: two frames for a usual tag."""
    return _read(lambda first, count: exchange(bytes([0x3A, first, first + count - 1])))


def read_plain(exchange: Exchange) -> tuple[Outcome, str | None]:
    """Read with READ, four pages a frame: what every Type 2 tag understands."""

    def pages(first: int, count: int) -> bytes:
        return b"".join(exchange(bytes([0x30, page]))[:16] for page in range(first, first + count, 4))[: count * 4]

    return _read(pages)


def _read(pages: Callable[[int, int], bytes]) -> tuple[Outcome, str | None]:
    memory = pages(0, FIRST_READ)
    if len(memory) < FIRST_READ * 4:
        return Outcome.UNREADABLE, None
    if memory[12] != 0xE1 or memory[13] >> 4 != 1:
        return Outcome.NOT_NDEF, None
    capacity = memory[14] * 8
    area, next_page = memory[16:], FIRST_READ
    while True:
        found = find_message(area[:capacity])
        if found is not None or len(area) >= capacity:
            break
        count = min(LONGEST_READ, -(-(capacity - len(area)) // 4), 256 - next_page)
        more = pages(next_page, count) if count > 0 else b""
        if not more:
            break
        area, next_page = area + more, next_page + count
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
