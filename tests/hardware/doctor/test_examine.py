"""The doctor finds what keeps a reader from working, and says the command that helps."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import nfc.clf.device
import pytest

from hardware.doctor.examine import DRIVEN_BY_NFCPY, KERNEL_MODULES, Finding, Trouble, examine
from hardware.doctor.words import remedy, report
from hardware.words import speak
from tests.hardware.doctor.made_up import MadeUp

KIOSK = Path(__file__).parents[3] / "deploy/kiosk"


def no_pcsc() -> Sequence[str]:
    msg = "PC/SC readers need pyscard."
    raise LookupError(msg)


@pytest.fixture
def made_up(tmp_path: Path) -> MadeUp:
    made = MadeUp(tmp_path)
    made.well()
    return made


def troubles(made: MadeUp, *gids: int, account: str = "ana") -> set[Trouble]:
    (finding,) = examine(made.machine(*gids, account=account), no_pcsc)
    return {trouble for trouble, _ in finding.troubles}


def open_to_all(made: MadeUp) -> None:
    (made.root / "dev/bus/usb/001/005").chmod(0o666)


def test_a_reader_that_may_be_used_is_ready(made_up: MadeUp) -> None:
    made_up.plug("1-1.4", "054c:06c3")
    open_to_all(made_up)
    assert examine(made_up.machine(), no_pcsc) == [Finding("Sony RC-S380", "usb:1-1.4")]


def test_each_trouble_is_found_alone(made_up: MadeUp) -> None:
    made_up.plug("1-2", "04cc:2533")
    open_to_all(made_up)
    assert troubles(made_up) == set()
    made_up.put("proc/modules", "pn533_usb 1 0 - Live\npn533 1 1 pn533_usb, Live\nnfc 1 1 pn533, Live\n")
    assert troubles(made_up) == {Trouble.MODULE}
    made_up.put("proc/modules")
    (made_up.root / "usr/lib/x86_64-linux-gnu/libusb-1.0.so.0").unlink()
    assert troubles(made_up) == {Trouble.LIBUSB}


def test_what_keeps_an_account_out_is_told_apart(made_up: MadeUp) -> None:
    made_up.plug("1-2", "054c:06c1")
    node = made_up.root / "dev/bus/usb/001/005"
    node.chmod(0o660)
    assert troubles(made_up, account="eve") == {Trouble.GROUP}
    assert troubles(made_up) == {Trouble.LOGIN}
    assert troubles(made_up, node.stat().st_gid) == set()
    node.chmod(0o600)
    assert troubles(made_up, node.stat().st_gid) == {Trouble.REPLUG}
    (made_up.root / "etc/udev/rules.d/99-shelftalker.rules").unlink()
    assert troubles(made_up, account="eve") == {Trouble.GROUP, Trouble.RULE}


def test_the_pc_sc_service_may_hold_a_reader_that_nfcpy_drives(made_up: MadeUp) -> None:
    made_up.plug("1-2", "072f:2200", smart_card=True)
    open_to_all(made_up)
    made_up.put("run/pcscd/pcscd.comm")
    found = examine(made_up.machine(), lambda: ["ACS ACR122U 00 00"])
    assert [finding.troubles for finding in found] == [((Trouble.PCSCD, ""),), ()]
    assert found[1].setting == "pcsc:ACS ACR122U 00 00"


def test_a_reader_only_pc_sc_drives_is_named_with_what_to_install(made_up: MadeUp) -> None:
    made_up.plug("1-2", "072f:223b", product="ACR1252 Dual Reader", smart_card=True)
    found = examine(made_up.machine(), no_pcsc)
    assert [(finding.name, finding.troubles[0][0]) for finding in found] == [
        ("ACR1252 Dual Reader", Trouble.PCSC_ONLY),
        ("PC/SC", Trouble.PCSC),
    ]
    assert "shelftalker[pcsc]" in " ".join(report(found, "ana"))


def test_serial_ports_may_hold_one_and_are_named_by_their_usb_port(made_up: MadeUp) -> None:
    made_up.plug("1-1.2", "0403:6001", number=7)
    made_up.put("sys/bus/usb/devices/1-1.2/1-1.2:1.0/ttyUSB0/port_number")
    made_up.put("dev/ttyUSB0").chmod(0o660)
    made_up.put("dev/ttyAMA0").chmod(0o666)
    found = {finding.name: finding for finding in examine(made_up.machine(), lambda: [])}
    assert found["/dev/ttyUSB0"].setting == "usb:1-1.2"
    assert [trouble for trouble, _ in found["/dev/ttyUSB0"].troubles] == [Trouble.LOGIN]
    assert found["/dev/ttyAMA0"] == Finding("/dev/ttyAMA0", "tty:/dev/ttyAMA0:pn532", certain=False)


def test_an_empty_machine_has_no_reader_and_no_error(tmp_path: Path) -> None:
    assert examine(MadeUp(tmp_path).machine(), lambda: []) == []
    assert "No reader was found" in report([], "ana")[0]


@pytest.mark.parametrize("trouble", Trouble)
def test_each_trouble_has_its_words_with_the_account_in_them(trouble: Trouble) -> None:
    words = remedy(trouble, "DETAIL", "ana")
    assert "%(" not in words
    commands = {Trouble.LIBUSB, Trouble.RULE, Trouble.GROUP, Trouble.MODULE, Trouble.PCSCD, Trouble.PCSC_ONLY}
    assert ("sudo " in words) == (trouble in commands)


def test_the_doctor_speaks_spanish() -> None:
    speak(["es"])
    try:
        assert "Falta libusb" in remedy(Trouble.LIBUSB, "", "ana")
    finally:
        speak(["en"])


def test_the_readers_known_are_those_nfcpy_drives_and_each_has_a_rule() -> None:
    driven = {f"{vendor:04x}:{product:04x}" for vendor, product in nfc.clf.device.usb_device_map}
    assert set(DRIVEN_BY_NFCPY) == driven
    rules = (KIOSK / "99-shelftalker.rules").read_text()
    ruled = {
        f"{line.split('idVendor}==')[1][1:5]}:{line.split('idProduct}==')[1][1:5]}"
        for line in rules.splitlines()
        if "idVendor" in line
    }
    assert ruled == driven


def test_the_blacklist_names_the_modules_the_doctor_knows() -> None:
    lines = (KIOSK / "shelftalker-blacklist.conf").read_text().splitlines()
    assert {line.split()[1] for line in lines if line.startswith("blacklist ")} == set(KERNEL_MODULES)


def test_who_runs_as_root_may_use_everything(made_up: MadeUp) -> None:
    made_up.plug("1-2", "054c:06c1")
    root = type(made_up.machine())("root", 0, frozenset(), made_up.root)
    assert root.may_use(made_up.root / "dev/bus/usb/001/005")
    assert not made_up.machine().may_use(made_up.root / "dev/bus/usb/001/005") or os.getuid() == 54321
