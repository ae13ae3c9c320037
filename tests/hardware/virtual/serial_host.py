"""A host at a virtual PN532's serial line: it speaks in bytes, as a test says."""

from __future__ import annotations

from pathlib import Path

import serial

from hardware.virtual.pn532.frames import ACK, frame

WAKE = bytes(10)
PATIENCE, QUIET = 5.0, 0.1
"""Seconds a test waits for an answer that must come, and for one that must not."""


class Host:
    """An open port; every wait is bounded."""

    def __init__(self, port: Path, rate: int = 115200) -> None:
        self.line = serial.Serial(str(port), rate, timeout=PATIENCE)

    def say(self, content: bytes, *, expected: int, patience: float = PATIENCE) -> bytes:
        """Send bytes and return up to so many that come back."""
        self.line.timeout = patience
        self.line.reset_input_buffer()
        self.line.write(content)
        heard = self.line.read(expected)
        self.line.timeout = PATIENCE
        return heard

    def ask(self, command: str) -> str:
        """Send a command in a normal frame and return the answer's body in hex."""
        assert self.say(WAKE + frame(b"\xd4" + bytes.fromhex(command)), expected=len(ACK)) == ACK
        head = self.line.read(5)
        rest = self.line.read(head[3] + 2)
        body = rest[:-2]
        assert head + rest == frame(body)
        return body.hex()

    def close(self) -> None:
        """Let the port go."""
        self.line.close()
