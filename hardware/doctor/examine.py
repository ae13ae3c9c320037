"""What readers a machine has, and what keeps each from working."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from hardware.doctor.machine import Machine
from hardware.usb_ports import UsbDevice

DRIVEN_BY_NFCPY = {
    "054c:0193": "Sony PN531",
    "04cc:0531": "NXP PN531",
    "04cc:2533": "NXP PN533",
    "04e6:5591": "SCM SCL3711",
    "04e6:5593": "SCM SCL3712",
    "054c:02e1": "Sony RC-S330/360/370",
    "054c:06c1": "Sony RC-S380",
    "054c:06c3": "Sony RC-S380",
    "072f:2200": "ACS ACR122U",
}
"""Vendor and product on USB; a test compares them with nfcpy's own list."""

KERNEL_MODULES = ("pn533_usb", "port100", "pn533", "nfc")
"""Those that take a reader before nfcpy can, in the order in which they can be unloaded."""


class Trouble(StrEnum):
    """What keeps a reader from working."""

    LIBUSB = "libusb"
    RULE = "rule"
    GROUP = "group"
    LOGIN = "login"
    REPLUG = "replug"
    MODULE = "module"
    PCSCD = "pcscd"
    PCSC_ONLY = "pcsc_only"
    PCSC = "pcsc"


@dataclass(frozen=True, slots=True)
class Finding:
    """A reader, or a port that may hold one: its name for `--reader`, and its troubles with their details."""

    name: str
    setting: str
    troubles: tuple[tuple[Trouble, str], ...] = ()
    certain: bool = True


def examine(machine: Machine, pcsc_readers: Callable[[], Sequence[str]]) -> list[Finding]:
    """Return all readers found. `pcsc_readers` returns the names PC/SC knows; raises LookupError with words."""
    usb = [finding for device in machine.devices if (finding := _usb(machine, device))]
    serial = [_serial(machine, port) for port in machine.serial_ports]
    try:
        pcsc = [Finding(name, f"pcsc:{name}") for name in pcsc_readers()]
    except LookupError as error:
        smart = [device for device in machine.devices if machine.is_smart_card_reader(device)]
        pcsc = [Finding("PC/SC", "pcsc", ((Trouble.PCSC, str(error)),))] if smart else []
    return [*usb, *serial, *pcsc]


def _usb(machine: Machine, device: UsbDevice) -> Finding | None:
    ids = f"{device.vendor}:{device.product}"
    name = DRIVEN_BY_NFCPY.get(ids)
    if name is None:
        if not machine.is_smart_card_reader(device):
            return None
        return Finding(machine.product(device) or ids, "pcsc", ((Trouble.PCSC_ONLY, ids),))
    troubles = [(Trouble.LIBUSB, "")] if not machine.has_libusb else []
    taken = [module for module in KERNEL_MODULES if module in machine.modules]
    troubles += [(Trouble.MODULE, " ".join(taken))] if taken else []
    troubles += [(Trouble.PCSCD, "")] if machine.pcscd_runs and machine.is_smart_card_reader(device) else []
    node = machine.node_of(device)
    if not machine.may_use(node):
        troubles += [(Trouble.RULE, "")] if not machine.has_rule(device) else []
        troubles.append(_membership(machine, node, "plugdev"))
    return Finding(name, f"usb:{device.port}", tuple(troubles))


def _serial(machine: Machine, port: Path) -> Finding:
    troubles = () if machine.may_use(port) else (_membership(machine, port, "dialout"),)
    usb = next((device for device in machine.devices if device.serial == port.name), None)
    setting = f"usb:{usb.port}" if usb else f"tty:/dev/{port.name}:pn532"
    return Finding(f"/dev/{port.name}", setting, troubles, certain=False)


def _membership(machine: Machine, node: Path, group: str) -> tuple[Trouble, str]:
    if not machine.is_member(group):
        return Trouble.GROUP, group
    entitled = node.exists() and node.stat().st_gid not in machine.gids
    return (Trouble.LOGIN, group) if entitled else (Trouble.REPLUG, group)
