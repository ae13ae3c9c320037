"""The PN532 under nfcpy's own driver: it opens, reads, writes, and all goes wrong that can."""

from __future__ import annotations

import termios
from pathlib import Path
from random import Random

import nfc.clf
import nfc.clf.pn53x
import nfc.clf.pn532
import nfc.clf.transport
import nfc.tag
import pytest

from hardware.virtual import Faults, VirtualPn532, blank, fault_script, felica, ntag213, ntag424
from hardware.virtual.pn532.frames import ACK
from tests.hardware.virtual.serial_host import QUIET, WAKE, Host, driver, found, frontend

GONE = (OSError, termios.error)
UID, OTHER = "04A1B2C3D4E580", "04A1B2C3D4E581"
LINK = "https://id.example/01/09506000134352"
VERSION_ASKED, VERSION = bytes.fromhex("0000ff02fed4022a00"), bytes.fromhex("0000ff06fad50332010607e800")


def test_nfcpys_driver_opens_reads_and_closes(reader: VirtualPn532) -> None:
    clf = frontend(reader)
    assert reader.rate == 921600
    assert found(clf) is None
    tags = {"106A": [ntag213(UID, LINK), ntag424(UID, LINK)], "212F": [felica("012E5A5B5C5D5E5F", LINK)]}
    for technology, tag in [(technology, tag) for technology, some in tags.items() for tag in some]:
        reader.lay(tag)
        assert [record.iri for record in found(clf, technology).ndef.records] == [LINK]
    clf.close()
    assert reader.rate == 115200
    again = frontend(reader)
    assert found(again, "212F").ndef
    again.close()


def test_nfcpy_writes_and_protects_through_the_chip(reader: VirtualPn532) -> None:
    clf = frontend(reader)
    reader.lay(blank(UID))
    tag = found(clf)
    tag.ndef.octets = b"\xd1\x01\x05U\x04home"
    assert tag.protect(b"secret", protect_from=4)
    assert found(clf).ndef.octets == b"\xd1\x01\x05U\x04home"
    assert not found(clf).authenticate(b"wrong!")
    clf.close()


def test_a_pulled_plug_fails_the_host_and_the_same_path_comes_back(reader: VirtualPn532) -> None:
    reader.lay(ntag213(UID, LINK))
    for _ in range(10):
        clf = frontend(reader)
        assert found(clf).ndef
        reader.unplug()
        assert not reader.port.exists()
        with pytest.raises(OSError):
            driver(reader)
        with pytest.raises(GONE):
            clf.device.chipset.get_firmware_version()
        reader.plug()
    assert found(frontend(reader)).ndef


def test_a_hung_chip_says_nothing_and_then_everything(reader: VirtualPn532) -> None:
    clf = frontend(reader)
    reader.lay(ntag213(UID, LINK))
    reader.hang()
    with pytest.raises(OSError):
        clf.device.chipset.get_firmware_version()
    reader.recover()
    assert clf.device.chipset.get_firmware_version()
    assert found(clf).ndef


def test_error_frames_and_spoilt_frames_come_as_asked(reader: VirtualPn532) -> None:
    chipset = driver(reader).chipset
    reader.disturb_wire(fault_script("nak 1, garble 2"))
    with pytest.raises(nfc.clf.pn53x.Chipset.Error, match="syntax"):
        chipset.get_firmware_version()
    with pytest.raises((OSError, nfc.clf.pn53x.Chipset.Error)):
        chipset.get_firmware_version()
    assert chipset.get_firmware_version() == bytes.fromhex("32010607")


def test_spoilt_frames_can_be_a_share_of_all(reader: VirtualPn532) -> None:
    chipset = driver(reader).chipset
    reader.disturb_wire(fault_script("noise 0.3", Random(6)))
    whole = 0
    for _ in range(100):
        try:
            whole += chipset.get_firmware_version() == bytes.fromhex("32010607")
        except (OSError, nfc.clf.pn53x.Chipset.Error, IndexError):
            reader.off()
    reader.disturb_wire(Faults())
    assert 50 < whole < 90


def test_a_plug_can_be_pulled_at_a_frame(reader: VirtualPn532) -> None:
    chipset = driver(reader).chipset
    reader.disturb_wire(fault_script("cut 2"))
    assert chipset.get_firmware_version()
    with pytest.raises(GONE):
        chipset.get_firmware_version()
    reader.disturb_wire(Faults())
    reader.plug()
    assert driver(reader).chipset.get_firmware_version()


def test_a_killed_program_leaves_the_chip_at_its_speed(reader: VirtualPn532) -> None:
    driver(reader).chipset.transport.tty.close()
    assert reader.rate == 921600
    with pytest.raises(OSError):
        driver(reader)
    line = Host(reader.port, 921600)
    assert line.ask("1004") == "d511"
    line.say(ACK, expected=1, patience=QUIET)
    line.close()
    assert driver(reader).chipset.get_firmware_version()


def test_modelled_time_is_what_wire_and_air_take(tmp_path: Path) -> None:
    waited: list[float] = []
    with VirtualPn532(tmp_path, modelled=True, wait=waited.append) as reader:
        reader.lay(blank(UID))
        line = Host(reader.port)
        line.ask("3205000102")
        line.ask("4a0100")
        waited.clear()
        line.ask("423000")
        line.close()
    assert waited[0] == pytest.approx((len(WAKE) + 11 + 6) * 10 / 115200)
    read, answer = 4 * 9 / 105.9e3, 18 * 9 / 105.9e3
    assert waited[1] == pytest.approx(read + answer + 0.00018 + 26 * 10 / 115200, rel=0.02)


def test_an_answer_may_come_late_on_the_wire(tmp_path: Path) -> None:
    waited: list[float] = []
    with VirtualPn532(tmp_path, wait=waited.append) as reader:
        reader.disturb_wire(fault_script("delay 2 0.75"))
        line = Host(reader.port)
        assert [line.ask("02"), line.ask("02")] == ["d50332010607"] * 2
        line.close()
    assert waited == [0.75]


def test_bits_may_flip_on_the_wire(reader: VirtualPn532) -> None:
    chipset = driver(reader).chipset
    reader.disturb_wire(fault_script("flip 0.2", Random(8)))
    with pytest.raises((OSError, IndexError, nfc.clf.pn53x.Chipset.Error)):
        chipset.get_firmware_version()
