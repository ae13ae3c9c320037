"""The registers of the chip's contactless unit, as far as host software looks at them (UM0701-02, 7.2.4)."""

from __future__ import annotations

FIFO_DATA, FIFO_LEVEL, TX_MODE, RX_MODE, TX_CONTROL = 0x6339, 0x633A, 0x6302, 0x6303, 0x6304
CHECKS_CRC, FIELD_ON, FLUSH = 0x80, 0x03, 0x80
FRAMING = {0b00: "A", 0b10: "F", 0b11: "B"}


class Registers:
    """Plain memory, but for the FIFO; `fifo` is what stands in it."""

    def __init__(self) -> None:
        self._values = {TX_CONTROL: 0x80}
        self.fifo = bytearray()

    def read(self, address: int) -> int:
        """Return a register's value; reading the FIFO takes its first byte."""
        if address == FIFO_DATA:
            return self.fifo.pop(0) if self.fifo else 0
        return len(self.fifo) if address == FIFO_LEVEL else self._values.get(address, 0)

    def write(self, address: int, value: int) -> None:
        """Set a register's value; writing the FIFO appends, its level's high bit empties it."""
        if address == FIFO_DATA:
            self.fifo.append(value)
        elif address == FIFO_LEVEL:
            if value & FLUSH:
                self.fifo.clear()
        else:
            self._values[address] = value

    def tune(self, technology: str) -> None:
        """Set bit rate and framing for a technology, with CRC both ways."""
        framing = next(code for code, letter in FRAMING.items() if letter == technology[-1])
        speed = {"106": 0, "212": 1, "424": 2}[technology[:-1]]
        self.write(TX_MODE, CHECKS_CRC | speed << 4 | framing)
        self.write(RX_MODE, CHECKS_CRC | speed << 4 | framing)

    def technology(self) -> str:
        """Return the technology set for sending."""
        mode = self._values.get(TX_MODE, 0)
        return f"{106 << (mode >> 4 & 7)}{FRAMING.get(mode & 3, 'A')}"

    @property
    def checks_crc(self) -> bool:
        """Return whether the chip checks, and takes off, the CRC of what it receives."""
        return bool(self._values.get(RX_MODE, 0) & CHECKS_CRC)
