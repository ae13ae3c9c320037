"""The frames between host and PN532 on a serial line (NXP UM0701-02, 6.2)."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

START = b"\x00\xff"
ACK = bytes.fromhex("0000ff00ff00")
SYNTAX_ERROR = bytes.fromhex("0000ff01ff7f8100")
FROM_HOST, TO_HOST = 0xD4, 0xD5
LONGEST_NORMAL = 255
LONGEST = 265
WAKE_UP_BYTES = 5
"""Bytes before the start code that wake a sleeping chip."""


class Signal(Enum):
    """What a host says without a command."""

    ACK = b"\x00\xff"
    """Received; or, while the chip works: stop that."""
    NACK = b"\xff\x00"
    """Say that again."""


def frame(body: bytes) -> bytes:
    """Return a frame that carries these bytes, the frame identifier first; extended where it has to be."""
    size = len(body)
    if size <= LONGEST_NORMAL:
        head = bytes([size, -size & 0xFF])
    else:
        head = b"\xff\xff" + size.to_bytes(2, "big") + bytes([-((size >> 8) + (size & 0xFF)) & 0xFF])
    return b"\x00" + START + head + body + bytes([-sum(body) & 0xFF, 0])


class FrameReader:
    """Takes bytes as they come off the line and gives commands (without identifier) and signals.

    Whatever is no frame, or fails a check, is passed over as the chip does. `asleep` is whether a preamble
    must come first.
    """

    def __init__(self) -> None:
        self._bytes = b""
        self.asleep = True

    def forget(self) -> None:
        """Drop what has come in so far."""
        self._bytes = b""

    def feed(self, fresh: bytes) -> Iterator[bytes | Signal]:
        """Yield what the bytes complete."""
        self._bytes += fresh
        while (found := self._bytes.find(START)) >= 0:
            if self.asleep and found < WAKE_UP_BYTES:
                self._bytes = self._bytes[found + 1 :]
                continue
            self.asleep = False
            rest = self._bytes[found + 2 :]
            taken = _take(rest)
            if taken is None:
                return
            length, said = taken
            self._bytes = rest[length:]
            if said is not None:
                yield said
        self._bytes = self._bytes[-(WAKE_UP_BYTES + 1) :]


def _take(rest: bytes) -> tuple[int, bytes | Signal | None] | None:
    """Return how many bytes a frame takes and what it says; None where more must come."""
    if len(rest) < 2:
        return None
    for signal in Signal:
        if rest[:2] == signal.value:
            return 2, signal
    extended = rest[:2] == b"\xff\xff"
    if extended and len(rest) < 5:
        return None
    head, size = (5, int.from_bytes(rest[2:4], "big")) if extended else (2, rest[0])
    if sum(rest[2 if extended else 0 : head]) & 0xFF or not 1 <= size <= LONGEST:
        return 0, None
    if len(rest) < head + size + 1:
        return None
    body = rest[head : head + size]
    whole = not (sum(body) + rest[head + size]) & 0xFF
    return head + size + 1, body[1:] if whole and body[0] == FROM_HOST and size > 1 else None
