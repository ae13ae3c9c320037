"""The chip's contactless side: its field, its CRC, and how long a frame truly takes in the air."""

from __future__ import annotations

from hardware.virtual.field import Field

SHORT_FRAMES = {b"\x26", b"\x52"}
BIT_SECONDS = {"106A": 128 / 13.56e6, "106B": 128 / 13.56e6, "212F": 64 / 13.56e6, "424F": 32 / 13.56e6}
TURN_SECONDS = 0.00018
"""From the end of a frame to the start of the other side's (ISO/IEC 14443-3, 6.2.1: twice 86 to 91 µs)."""
GUARD_SECONDS = 0.0051
"""From the field coming on to the first frame (ISO/IEC 14443-3, 6.3.1)."""
PROGRAMMING_SECONDS = 0.0041
"""What an NTAG takes to write a page (data sheet, 10.4)."""
WRITES = {b"\xa2", b"\xa0"}
ACTIVATION_SECONDS = 0.001
"""How long the firmware waits for an answer while it selects (ISO/IEC 14443-3, 6.4.3, says it of HLTA)."""


class Air:
    """Carries frames to a field. `seconds` adds up how long all of it would have taken on hardware."""

    def __init__(self, field: Field) -> None:
        self._field = field
        self.on, self.seconds = False, 0.0

    def switch(self, on: bool) -> None:
        """Switch the field on or off; off makes every tag begin anew."""
        if on and not self.on:
            self.seconds += GUARD_SECONDS
        if not on:
            self._field.off()
        self.on = on

    def carry(self, technology: str, sent: bytes, patience: float = ACTIVATION_SECONDS) -> bytes | None:
        """Send a frame and return what comes back, as `Field.answer` does; `patience` is in seconds."""
        if not self.on:
            return None
        heard = self._field.answer(technology, sent)
        bit = BIT_SECONDS.get(technology, BIT_SECONDS["106A"])
        self.seconds += 7 * bit if sent in SHORT_FRAMES else _bits(sent) * bit
        self.seconds += TURN_SECONDS
        if heard is None:
            self.seconds += patience
        else:
            self.seconds += (4 if is_nibble(heard) else _bits(heard)) * bit
            self.seconds += PROGRAMMING_SECONDS if sent[:1] in WRITES and heard == b"\x0a" else 0.0
        return heard


def _bits(content: bytes) -> int:
    """Return the bits of a frame: a parity bit for every byte, and two bytes of CRC."""
    return 9 * (len(content) + 2)


def is_nibble(heard: bytes) -> bool:
    """Return whether an answer is a 4-bit ACK or NAK, which has no CRC."""
    return len(heard) == 1 and heard[0] < 0x10


def crc_a(content: bytes) -> bytes:
    """Return the CRC_A of a frame (ISO/IEC 14443-3, annex B)."""
    crc = 0x6363
    for byte in content:
        mixed = (byte ^ crc) & 0xFF
        mixed = (mixed ^ mixed << 4) & 0xFF
        crc = crc >> 8 ^ mixed << 8 ^ mixed << 3 ^ mixed >> 4
    return crc.to_bytes(2, "little")
