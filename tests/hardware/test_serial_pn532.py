"""What only a PN532 on a serial line can do wrong: firmware that wakes no tag, a speed left behind, a hang."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from hardware.nfc_reader import open_radio
from hardware.radio import ReaderBroken
from hardware.serial_port import port_of, slow_down
from hardware.tag import Outcome
from hardware.tap import TapEngine
from hardware.virtual import VirtualPn532, fault_script, ntag213, type4
from hardware.virtual.pn532.chip import FINE, Chip

UID, LINK = "04A1B2C3D4E580", "https://id.example/01/09506000134352"


def patiently_opened(reader: str) -> Any:
    """Return the radio as soon as it opens: what waits for a chip gives up early on a busy machine."""
    for _ in range(20):
        with suppress(ReaderBroken):
            return open_radio(reader)
    return open_radio(reader)


class SleepyChip(Chip):
    """Says that it has woken a tag, and has not."""

    selects = 0

    def _choose(self, number: bytes) -> bytes:
        SleepyChip.selects += 1
        return FINE


class SleepyPn532(VirtualPn532):
    """A reader with such firmware."""

    def _begin(self) -> None:
        super()._begin()
        self._chip = SleepyChip(self)


@pytest.mark.parametrize("make", [ntag213, type4])
def test_firmware_that_wakes_no_tag_is_found_out_and_tags_are_read_all_the_same(
    tmp_path: Path, make: type
) -> None:
    with SleepyPn532(tmp_path) as chip:
        SleepyChip.selects = 0
        radio, engine = patiently_opened(chip.reader), TapEngine(time.perf_counter)
        for _ in range(5):
            chip.lay(make(UID, LINK))
            target = radio.sense()
            assert target is not None
            assert engine.read(radio, target).uri == LINK
        assert SleepyChip.selects == 2
        radio.close()


def test_tags_that_are_pulled_do_not_count_against_the_firmware(tmp_path: Path) -> None:
    with VirtualPn532(tmp_path) as chip:
        radio, engine = patiently_opened(chip.reader), TapEngine(time.perf_counter)
        for _ in range(4):
            chip.lay(ntag213(UID, LINK))
            target = radio.sense()
            assert target is not None
            chip.take()
            assert engine.read(radio, target).outcome is Outcome.LOST
        assert radio._slept == 0
        radio.close()


def test_a_chip_left_at_a_high_speed_is_called_back(tmp_path: Path) -> None:
    with VirtualPn532(tmp_path) as chip:
        left = patiently_opened(chip.reader)
        assert chip.rate > 115200
        left._device.chipset.transport.tty.close()  # a program that was killed says nothing to the chip
        assert chip.rate > 115200
        radio = patiently_opened(chip.reader)
        assert radio.sense() is None
        radio.close()


def test_nobody_is_called_back_where_no_chip_answers(tmp_path: Path) -> None:
    with VirtualPn532(tmp_path) as chip:
        chip.hang()
        assert not slow_down(port_of(chip.reader)[0])
        with pytest.raises(ReaderBroken, match=r"stopped answering|No reader answers"):
            open_radio(chip.reader)


def test_closing_leaves_the_chip_at_the_speed_it_starts_with_and_awake(tmp_path: Path) -> None:
    with VirtualPn532(tmp_path) as chip:
        patiently_opened(chip.reader).close()
        assert chip.rate == 115200
        assert not chip._chip.asleep


def test_a_frame_spoilt_on_the_wire_breaks_the_reader_and_not_the_program(tmp_path: Path) -> None:
    with VirtualPn532(tmp_path) as chip:
        radio = patiently_opened(chip.reader)
        chip.disturb_wire(fault_script("garble 1"))
        with pytest.raises(ReaderBroken):
            radio.sense()
        radio.close()
