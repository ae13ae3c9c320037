"""A message in the data area of a Type 2 tag, and the order of writes that never leaves half of it. Pure.

NFC Forum Type 2 Tag 1.2, sections 2.3 (TLV blocks) and 6.4 (writing). That the length is 0 while the message is
written is the standard's; that each write which changes what the tag reads changes one byte only is ours: a chip
that loses power in the middle of a write leaves a page half old and half new.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardware.writing.layout import DATA
from hardware.writing.step import Content, Step

NULL, LOCK_CONTROL, MEMORY_CONTROL, MESSAGE, TERMINATOR = 0x00, 0x01, 0x02, 0x03, 0xFE


def place_of_message(area: bytes) -> int:
    """Return where in a data area the message's TLV block stands or belongs.

    Blocks before it are kept. In an area that makes no sense it belongs behind the control blocks, which say
    where the chip's lock bytes are.
    """
    at = 0
    while at < len(area) - 1 and area[at] not in {MESSAGE, TERMINATOR}:
        at += 1 if area[at] == NULL else _length(area, at)
    if at < len(area) - 1:
        return at
    at = 0
    while area[at] in {LOCK_CONTROL, MEMORY_CONTROL} and area[at + 1] == 3:
        at += 5
    return at


def _length(area: bytes, at: int) -> int:
    long = area[at + 1] == 0xFF
    return 4 + int.from_bytes(area[at + 2 : at + 4], "big") if long else 2 + area[at + 1]


def room(area: bytes) -> int:
    """Return how many bytes the longest message for this data area has."""
    free = len(area) - place_of_message(area) - 2
    return free if free < 0xFF else max(free - 2, 0xFE)


def with_message(area: bytes, message: bytes) -> bytes:
    """Return the data area once it holds `message`; what stands behind it is left."""
    at = place_of_message(area)
    short = len(message) < 0xFF
    length = bytes([len(message)]) if short else b"\xff" + len(message).to_bytes(2, "big")
    written = bytes([MESSAGE]) + length + message + bytes([TERMINATOR])
    return (area[:at] + written)[: len(area)] + area[at + len(written) :]


def steps(area: bytes, message: bytes) -> list[Step]:
    """Return the pages to write, in order, each only where it changes something.

    Whichever is the last to reach the tag, whole or half, it reads the old message, none, or the new one.
    """
    first, *between, last = list(_stages(area, message))
    emptied = Content.EMPTY if message else Content.NEW
    found: list[Step] = []
    for stage in between:
        found += [Step(address, content, emptied) for address, content in _changed(first, stage)]
        first = stage
    return found + [Step(address, content, Content.NEW) for address, content in _changed(first, last)]


def _stages(area: bytes, message: bytes) -> Iterator[bytes]:
    """Yield the data area as it is, as it becomes in turn, and with the whole message."""
    yield area
    at = place_of_message(area)
    if area[at] != MESSAGE:
        area = _with(area, at, TERMINATOR)
        yield area
        area = _with(area, at + 1, 0)
        yield area
        area = _with(area, at, MESSAGE)
        yield area
    yield _with(area, at + 1, 0)
    whole = with_message(area, message)
    yield _with(whole, at + 1, 0)
    yield whole


def _with(area: bytes, at: int, byte: int) -> bytes:
    return area[:at] + bytes([byte]) + area[at + 1 :]


def _changed(old: bytes, new: bytes) -> Iterator[tuple[int, bytes]]:
    for at in range(0, len(new), 4):
        if old[at : at + 4] != new[at : at + 4]:
            yield at // 4 + DATA, new[at : at + 4]


def length_page(area: bytes) -> Step:
    """Return the page that holds the message's length, as it is: writing it changes nothing."""
    at = (place_of_message(area) + 1) // 4 * 4
    return Step(at // 4 + DATA, area[at : at + 4], Content.NEW)


def eraser(area: bytes) -> Step:
    """Return the one write by which anybody would erase the message: its length becomes 0."""
    page = length_page(_with(area, place_of_message(area) + 1, 0))
    return Step(page.address, page.content, Content.EMPTY)
