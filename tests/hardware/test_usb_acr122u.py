"""What is an ACR122U's own: light, buzzer and hanging; the rest is in the suites of all readers."""

from __future__ import annotations

import itertools
import time

import pytest

from hardware.fault import ReaderFault
from hardware.nfc_reader import radio_on_usb
from hardware.polling_reader import PollingReader
from hardware.radio import ReaderBroken
from hardware.reader import Arrived, Fault, Recovered
from hardware.virtual import VirtualAcr122u, VirtualTag, bank_card, malformed, ntag213

UID, LINK = "04A1B2C3D4E580", "https://id.example/01/09506000134352"
GREEN_WITH_A_BEEP, RED = "0e01000101", "0d00000000"


def reader_on(device: VirtualAcr122u) -> PollingReader:
    return PollingReader(lambda: radio_on_usb(device.line(), "acr122"), clock=time.perf_counter, wait=time.sleep)


@pytest.mark.parametrize(
    ("tag", "shown"),
    [(ntag213(UID, LINK), GREEN_WITH_A_BEEP), (malformed(UID), RED), (bank_card(), RED)],
)
def test_a_good_read_shines_green_and_beeps_and_trouble_shines_red(tag: VirtualTag, shown: str) -> None:
    device = VirtualAcr122u()
    device.lay(tag)
    with reader_on(device) as reader:
        events = iter(reader)
        assert isinstance(next(events), Arrived)
        already = len(device.lights)
        device.take()
        next(events)
    assert [light.hex() for light in device.lights[already:]][:1] == [shown]


def test_a_reader_that_hangs_is_told_and_reads_again_once_it_is_plugged_in_anew() -> None:
    device = VirtualAcr122u()
    device.lay(ntag213(UID, LINK))
    with reader_on(device) as reader:
        events = iter(reader)
        assert isinstance(next(events), Arrived)
        device.hang()
        fault = next(event for event in itertools.islice(events, 5) if isinstance(event, Fault))
        device.unplug()
        device.plug()
        assert isinstance(next(events), Recovered)
    assert fault.kind in set(ReaderFault)


def test_a_reader_that_answers_nothing_is_refused_in_words() -> None:
    device = VirtualAcr122u()
    device.hang()
    with pytest.raises(ReaderBroken, match=r"\.$"):
        radio_on_usb(device.line(), "acr122")
