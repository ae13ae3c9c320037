"""The door to pyserial: a PN532 on a serial line, and how it is called back from a speed it was left at."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import serial

FASTER = (921600, 460800, 230400)
"""Speeds nfcpy raises a PN532 to; a program that was killed leaves it there."""
ANSWER_SECONDS = 0.1
PREAMBLE = bytes(10)
SLOW_DOWN = bytes.fromhex("0000ff03fdd410041800")
SLOWING = bytes.fromhex("0000ff02fed5111a00")
ACK = bytes.fromhex("0000ff00ff00")


def port_of(path: str) -> tuple[str, str]:
    """Return the device file and nfcpy's driver of `tty:AMA0:pn532`, `tty:/dev/ttyUSB0` or `com:COM7:pn532`."""
    kind, _, rest = path.partition(":")
    port, _, driver = rest.partition(":")
    if kind == "tty" and not port.startswith("/"):
        port = f"/dev/tty{port}"
    return port, driver or "pn532"


def is_there(path: str) -> bool:
    """Return whether the device file of a serial reader exists."""
    return Path(port_of(path)[0]).exists()


def slow_down(port: str) -> bool:
    """Call a PN532 back to 115200 baud from any speed it may stand at; return whether one answered."""
    return any(_slow_down_from(speed, port) for speed in FASTER)


def _slow_down_from(speed: int, port: str) -> bool:
    with suppress(OSError, serial.SerialException), serial.Serial(port, speed, timeout=ANSWER_SECONDS) as line:
        line.write(PREAMBLE + SLOW_DOWN)
        if line.read(len(ACK) + len(SLOWING)) == ACK + SLOWING:
            line.write(ACK)
            line.flush()
            return True
    return False
