"""The reader a setting names."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import partial

from hardware import pcsc_reader, serial_port, usb_ports
from hardware.fault import ReaderFault
from hardware.keyboard_reader import KeyboardReader
from hardware.nfc_reader import open_radio
from hardware.polling_reader import POLL_SECONDS, PollingReader
from hardware.radio import Radio, ReaderBroken
from hardware.reader import TagReader
from hardware.scripted_reader import ScriptedReader

TYPE_3 = "+type3"
"""What a name ends with where the reader shall look for Type 3 tags (FeliCa) too; it costs time at each look."""


class UnknownReader(ValueError):
    """Raised when a setting names no reader; the message lists those there are."""


def open_reader(
    name: str,
    *,
    clock: Callable[[], float],
    wait: Callable[[float], None],
    poll_seconds: float = POLL_SECONDS,
) -> TagReader:
    """Return the reader `name` stands for, not opened yet; raises `UnknownReader`."""
    if name == "keyboard":
        return KeyboardReader(sys.stdin)
    if name == "scripted":
        return ScriptedReader()
    opener, present = _radio(name.removesuffix(TYPE_3), felica=name.endswith(TYPE_3))
    return PollingReader(opener, clock=clock, wait=wait, present=present, poll_seconds=poll_seconds)


def radio_opener(name: str) -> Callable[[], Radio]:
    """Return what opens the radio of the reader `name` stands for; raises `UnknownReader` where it has none."""
    return _radio(name.removesuffix(TYPE_3), felica=name.endswith(TYPE_3))[0]


def _radio(path: str, *, felica: bool) -> tuple[Callable[[], Radio], Callable[[], bool]]:
    if plugged := usb_ports.PORT.fullmatch(path):
        port, driver = plugged["port"], plugged["driver"] or "pn532"
        return partial(_at_port, port, driver, felica=felica), lambda: usb_ports.device_at(port) is not None
    if path.startswith(("tty:/", "com:")):
        return partial(open_radio, path, felica=felica), partial(serial_port.is_there, path)
    if path.startswith(("usb", "tty:")) or re.fullmatch(r"udp:[^:]+:[0-9]{1,5}", path):
        return partial(open_radio, path, felica=felica), lambda: True
    if path == "pcsc" or path.startswith("pcsc:"):
        return partial(pcsc_reader.open_radio, path), lambda: True
    msg = (
        f"{path!r} is no reader: use usb, usb:VENDOR:PRODUCT, usb:BUS-PORT for one USB port (usb:1-1.4), "
        "tty:PORT:DRIVER (tty:AMA0:pn532), pcsc or pcsc:NAME, udp:HOST:PORT for the simulated radio, or keyboard."
    )
    raise UnknownReader(msg)


def _at_port(port: str, driver: str, *, felica: bool) -> Radio:
    device = usb_ports.device_at(port)
    if device is None:
        raise ReaderBroken(ReaderFault.PORT_EMPTY, port)
    return open_radio(device.path(driver), felica=felica)
