"""A host at a virtual PN532's serial line: it speaks in bytes, as a test says."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nfc.clf
import nfc.clf.pn532
import nfc.clf.transport
import nfc.tag
import serial

from hardware.virtual import VirtualPn532
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


def until(true: Callable[[], bool]) -> None:
    """Wait for what must come about."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def driver(reader: VirtualPn532) -> Any:
    """Return nfcpy's own PN532 driver on this line."""
    return nfc.clf.pn532.init(nfc.clf.transport.TTY(str(reader.port)))


def frontend(reader: VirtualPn532) -> Any:
    made = nfc.clf.ContactlessFrontend()
    made.device = driver(reader)
    return made


def found(clf: Any, technology: str = "106A") -> Any:
    target = clf.sense(nfc.clf.RemoteTarget(technology))
    return nfc.tag.activate(clf, target) if target else None
