"""What only a PN532 on a serial line does: it finds a second tag late, stays at a speed, hangs."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from hardware.nfc_reader import open_radio
from hardware.nfc_reader.pn532 import FRESH_EVERY
from hardware.radio import ReaderBroken, TwoTags
from hardware.serial_port import port_of, slow_down
from hardware.tap import TapEngine
from hardware.virtual import VirtualPn532, fault_script, ntag213, ntag424, type4

UID, OTHER, LINK = "04A1B2C3D4E580", "04A1B2C3D4E581", "https://id.example/01/09506000134352"


def patiently_opened(reader: str) -> Any:
    """Return the radio as soon as it opens: what waits for a chip gives up early on a busy machine."""
    for _ in range(20):
        with suppress(ReaderBroken):
            return open_radio(reader)
    return open_radio(reader)


@pytest.mark.parametrize("make", [ntag213, type4])
def test_a_tag_alone_proves_it_whatever_it_was_asked_and_is_read_again_after(tmp_path: Path, make: type) -> None:
    with VirtualPn532(tmp_path) as chip:
        radio, engine = patiently_opened(chip.reader), TapEngine(time.perf_counter)
        chip.lay(make(UID, LINK))
        for _ in range(3):
            target = radio.sense()
            assert target is not None
            assert engine.read(radio, target).uri == LINK
            radio.prove_alone()
        radio.close()


def test_a_tag_that_fell_out_and_answers_again_is_no_second_one(tmp_path: Path) -> None:
    with VirtualPn532(tmp_path) as chip:
        radio = patiently_opened(chip.reader)
        chip.lay(ntag213(UID, LINK))
        assert radio.sense() is not None
        assert radio.exchange(b"\x30\xff", 0.1) == b"\x00"  # a tag that refused waits to be woken
        radio.prove_alone()
        radio.close()


@pytest.mark.parametrize("make", [ntag213, type4, ntag424])
def test_two_tags_are_found_whichever_of_them_is_listed_first(tmp_path: Path, make: type) -> None:
    with VirtualPn532(tmp_path) as chip:
        radio, engine = patiently_opened(chip.reader), TapEngine(time.perf_counter)
        for other in (ntag213(OTHER, LINK), type4("04010101010101", LINK), type4("FFFFFFFF", LINK)):
            chip.lay(make(UID, LINK), other)
            target = radio.sense()
            assert target is not None
            engine.read(radio, target)
            with pytest.raises(TwoTags):
                radio.prove_alone()
        radio.close()


def test_a_field_that_was_empty_stays_on_and_goes_off_now_and_then(tmp_path: Path) -> None:
    with VirtualPn532(tmp_path) as chip:
        radio = patiently_opened(chip.reader)
        mutes: list[bool] = []
        switched = chip._chip.air.switch

        class Air(type(chip._chip.air)):  # type: ignore[misc]  # the class of that very air
            def switch(self, on: bool) -> None:
                mutes.append(on)
                switched(on)

        chip._chip.air.__class__ = Air
        for _ in range(FRESH_EVERY):
            assert radio.sense() is None
        assert mutes == [False, *[True] * FRESH_EVERY]
        chip.lay(ntag213(UID, LINK))
        assert radio.sense() is not None
        assert radio.sense() is not None
        assert mutes[-2:] == [False, True]
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
        for _ in range(20):  # on a busy machine the chip's answer may come later than nfcpy waits for it
            patiently_opened(chip.reader).close()
            if chip.rate == 115200:
                break
        assert chip.rate == 115200
        assert not chip._chip.asleep


def test_a_frame_spoilt_on_the_wire_breaks_the_reader_and_not_the_program(tmp_path: Path) -> None:
    with VirtualPn532(tmp_path) as chip:
        radio = patiently_opened(chip.reader)
        chip.disturb_wire(fault_script("garble 1"))
        with pytest.raises(ReaderBroken):
            radio.sense()
        radio.close()
