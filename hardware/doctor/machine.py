"""The machine as the doctor sees it: files under one root, and whose account asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from hardware.usb_ports import UsbDevice, plugged_in

SERIAL_PORTS = ("ttyUSB*", "ttyACM*", "ttyAMA*", "serial0")
LIBRARIES = ("lib", "usr/lib", "usr/local/lib")
RULES = ("etc/udev/rules.d", "usr/lib/udev/rules.d", "lib/udev/rules.d")


@dataclass(frozen=True, slots=True)
class Machine:
    """Everything is looked up under `root`; `account` is the login name, `uid` and `gids` what it runs as."""

    account: str
    uid: int
    gids: frozenset[int]
    root: Path = field(default=Path("/"))

    @property
    def devices(self) -> list[UsbDevice]:
        """Return what is plugged into USB."""
        return plugged_in(self.root / "sys/bus/usb/devices")

    def folder_of(self, device: UsbDevice) -> Path:
        """Return where the kernel describes a device."""
        return self.root / "sys/bus/usb/devices" / device.port

    def product(self, device: UsbDevice) -> str:
        """Return what a device calls itself; '' where it does not say."""
        return _text(self.folder_of(device) / "product").strip()

    def is_smart_card_reader(self, device: UsbDevice) -> bool:
        """Return whether a device says that it is one (USB class 0B, CCID)."""
        classes = self.folder_of(device).glob(f"{device.port}:*/bInterfaceClass")
        return any(_text(file).strip().lower() == "0b" for file in classes)

    def node_of(self, device: UsbDevice) -> Path:
        """Return the file through which a program speaks to a device."""
        return self.root / f"dev/bus/usb/{device.bus:03d}/{device.number:03d}"

    @property
    def serial_ports(self) -> list[Path]:
        """Return the serial ports that may hold a reader."""
        return sorted(port for pattern in SERIAL_PORTS for port in (self.root / "dev").glob(pattern))

    @property
    def modules(self) -> frozenset[str]:
        """Return the kernel modules that are loaded."""
        lines = _text(self.root / "proc/modules").splitlines()
        return frozenset(line.split()[0] for line in lines if line.strip())

    @property
    def has_libusb(self) -> bool:
        """Return whether libusb 1.0, which nfcpy needs, is installed."""
        name = "libusb-1.0.so.0"
        return any(
            next((self.root / folder).glob(pattern), None)
            for folder in LIBRARIES
            for pattern in (name, f"*/{name}")
        )

    @property
    def pcscd_runs(self) -> bool:
        """Return whether the PC/SC service is there to be spoken to."""
        return (self.root / "run/pcscd/pcscd.comm").exists()

    def has_rule(self, device: UsbDevice) -> bool:
        """Return whether a udev rule names the device."""
        files = [file for folder in RULES for file in (self.root / folder).glob("*.rules")]
        lines = [line.lower() for file in files for line in _text(file).splitlines() if not line.startswith("#")]
        return any(f'"{device.vendor}"' in line and f'"{device.product}"' in line for line in lines)

    def may_use(self, node: Path) -> bool:
        """Return whether the account may read and write a file; a file that is missing may not be used."""
        try:
            stat = node.stat()
        except OSError:
            return False
        shift = 6 if stat.st_uid == self.uid else 3 if stat.st_gid in self.gids else 0
        return self.uid == 0 or stat.st_mode >> shift & 0o6 == 0o6

    def is_member(self, group: str) -> bool:
        """Return whether the account belongs to a group by the file; that may hold only from the next login on."""
        for line in _text(self.root / "etc/group").splitlines():
            name, _, rest = line.partition(":")
            if name == group:
                return self.account in rest.rpartition(":")[2].split(",")
        return False


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace")
    except OSError:
        return ""
