"""A made-up machine in a folder: what is plugged in, who may use it, what the kernel does with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hardware.doctor.machine import Machine

PLUGDEV, DIALOUT = 46, 20
NOBODY = 54321


@dataclass
class MadeUp:
    """Files under `root`, as the kernel and Debian lay them out."""

    root: Path

    def put(self, path: str, text: str = "") -> Path:
        """Write a file."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def plug(self, port: str, ids: str, *, product: str = "", smart_card: bool = False, number: int = 5) -> None:
        """Plug a device in; nobody but root may use it yet."""
        vendor, _, kind = ids.partition(":")
        folder = f"sys/bus/usb/devices/{port}"
        told = {"idVendor": vendor, "idProduct": kind, "busnum": "1", "devnum": str(number), "product": product}
        for name, text in told.items():
            self.put(f"{folder}/{name}", f"{text}\n")
        self.put(f"{folder}/{port}:1.0/bInterfaceClass", "0b\n" if smart_card else "ff\n")
        self.put(f"dev/bus/usb/001/{number:03d}").chmod(0o600)

    def machine(self, *gids: int, account: str = "ana") -> Machine:
        """Return the machine as an account without rights sees it; files belong to who runs the test."""
        return Machine(account, NOBODY, frozenset(gids), self.root)

    def well(self) -> None:
        """Install what a kiosk's script installs."""
        rules = Path(__file__).parents[3] / "deploy/kiosk/99-shelftalker.rules"
        self.put("etc/udev/rules.d/99-shelftalker.rules", rules.read_text())
        self.put("usr/lib/x86_64-linux-gnu/libusb-1.0.so.0")
        self.put("etc/group", "plugdev:x:46:ana,kiosk\ndialout:x:20:ana\n")
        self.put("proc/modules", "usbcore 1 0 - Live 0x0\n")
