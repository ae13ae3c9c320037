"""Readers on USB by the port they are plugged into: the one name that outlives plugging in again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

SYSFS = Path("/sys/bus/usb/devices")
PORT = re.compile(r"usb:(?P<port>[0-9]+-[0-9]+(?:\.[0-9]+)*)(?::(?P<driver>[a-z0-9]+))?")


@dataclass(frozen=True, slots=True)
class UsbDevice:
    """What is plugged into a port: ids in hexadecimal; `serial` names its serial line, as in `ttyUSB0`."""

    port: str
    vendor: str
    product: str
    bus: int
    number: int
    serial: str | None = None

    def path(self, driver: str = "pn532") -> str:
        """Return where it is right now, as `open_radio` takes it."""
        if self.serial:
            return f"tty:/dev/{self.serial}:{driver}"
        return f"usb:{self.bus:03d}:{self.number:03d}"


def plugged_in(sysfs: Path = SYSFS) -> list[UsbDevice]:
    """Return what is plugged in, sorted by port."""
    found = [device_at(folder.name, sysfs) for folder in sorted(sysfs.glob("[0-9]*-*")) if ":" not in folder.name]
    return [device for device in found if device is not None]


def device_at(port: str, sysfs: Path = SYSFS) -> UsbDevice | None:
    """Return what is plugged into a port such as `1-1.4`; None where nothing is."""
    folder = sysfs / port
    try:
        vendor, product, bus, number = (
            (folder / name).read_text("ascii").strip() for name in ("idVendor", "idProduct", "busnum", "devnum")
        )
    except OSError:  # nothing there, or pulled out this very moment
        return None
    lines = sorted(line.name for line in folder.glob(f"{port}:*/tty*") if line.name != "tty") or sorted(
        line.name for line in folder.glob(f"{port}:*/tty/tty*")
    )
    return UsbDevice(port, vendor, product, int(bus), int(number), lines[0] if lines else None)
