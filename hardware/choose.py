"""The reader a setting names."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import partial

from hardware.keyboard_reader import KeyboardReader
from hardware.nfc_reader import open_radio
from hardware.polling_reader import PollingReader
from hardware.reader import TagReader
from hardware.scripted_reader import ScriptedReader


class UnknownReader(ValueError):
    """Raised when a setting names no reader; the message lists those there are."""


def open_reader(name: str, *, clock: Callable[[], float], wait: Callable[[float], None]) -> TagReader:
    """Return the reader `name` stands for, not opened yet; raises `UnknownReader`."""
    if name == "keyboard":
        return KeyboardReader(sys.stdin)
    if name == "scripted":
        return ScriptedReader()
    if name.startswith(("usb", "tty:", "com:")) or re.fullmatch(r"udp:[^:]+:[0-9]{1,5}", name):
        return PollingReader(partial(open_radio, name), clock=clock, wait=wait)
    msg = (
        f"{name!r} is no reader: use usb, usb:VENDOR:PRODUCT, tty:PORT:DRIVER (tty:AMA0:pn532), "
        "udp:HOST:PORT for the simulated radio, or keyboard."
    )
    raise UnknownReader(msg)
