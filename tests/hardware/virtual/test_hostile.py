"""Hostile tags fell plain nfcpy, and never our reader."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import ndef
import nfc.clf
import nfc.tag
import pytest

from hardware.nfc_reader import radio_in_process
from hardware.radio import RadioError
from hardware.tag import Outcome, TagRead
from hardware.tap import TapEngine
from hardware.virtual import HOSTILE, Field, VirtualField, VirtualTag, fault_script

UID = "04BADBADBADB80"


def read(tag: VirtualTag) -> TagRead | str:
    """Return what our own reader makes of a tag; the name of the error where it cannot even be selected."""
    field = Field()
    field.lay(tag)
    radio = radio_in_process(field, felica=True)
    try:
        target = radio.sense()
    except RadioError as error:
        return type(error).__name__
    return TapEngine(time.perf_counter).read(radio, target) if target else "nothing"


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_tag_is_read_as_a_link(name: str) -> None:
    seen = read(HOSTILE[name](UID))
    assert isinstance(seen, str) or (seen.outcome is not Outcome.OK and seen.uri is None)


def naive(tag: VirtualTag, frames: int = 400) -> Any:
    """Return the message plain nfcpy reads; the tag is taken away after so many frames, or it would never end."""
    with VirtualField() as field:
        frontend = nfc.clf.ContactlessFrontend(field.reader)
        field.lay(tag, faults=fault_script(f"cut {frames}"))
        try:
            target = frontend.sense(nfc.clf.RemoteTarget("106A"))
            found = nfc.tag.activate(frontend, target)
            message = found.ndef and found.ndef.records
            return message if field.lying else "without end"
        finally:
            frontend.close()


FELLED: dict[str, Callable[[], Any]] = {
    "an ATS of one byte": lambda: pytest.raises(IndexError),
    "an ATS of two bytes": lambda: pytest.raises(IndexError),
    "NDEF: a URI that is not UTF-8": lambda: pytest.raises(ndef.DecodeError),
}


@pytest.mark.parametrize("name", FELLED)
def test_plain_nfcpy_falls(name: str) -> None:
    with FELLED[name]():
        naive(HOSTILE[name](UID))


def test_plain_nfcpy_reads_nothing_without_end() -> None:
    assert naive(HOSTILE["empty reads for ever"](UID)) == "without end"
