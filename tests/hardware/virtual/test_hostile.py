"""Hostile tags: they have no error of their own, they do fell plain nfcpy, and never our reader."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random
from typing import Any

import ndef
import nfc.clf
import nfc.tag
import pytest

from hardware.nfc_reader import radio_in_process
from hardware.radio import RadioError
from hardware.tag import Outcome, TagRead
from hardware.tap import TapEngine
from hardware.virtual import HOSTILE, KINDS, Field, UnknownKind, VirtualField, VirtualTag, fault_script, tag_named

UID = "04BADBADBADB80"
LINK = "https://id.example/01/09506000134352"
ACTIVATION = [bytes.fromhex(frame) for frame in ("26", "9320", "93708804badbed", "9520", "9570adbadb804c", "e080")]
EVERY = {
    name: lambda uid, name=name: tag_named(name, uid, LINK + "?u={uid}&c={mac}", luck=Random(1).randbytes)
    for name in (*KINDS, *HOSTILE)
}
TYPE_A = {name: make for name, make in HOSTILE.items() if make(UID).technology == "106A"}


def read(tag: VirtualTag) -> TagRead | str:
    """Return what our own reader makes of a tag; the name of the error where it cannot even be selected."""
    field = Field()
    field.lay(tag)
    radio = radio_in_process(field)
    try:
        target = radio.sense()
    except RadioError as error:
        return type(error).__name__
    return TapEngine(time.perf_counter).read(radio, target) if target else "nothing"


@pytest.mark.parametrize("name", EVERY)
def test_no_frame_whatever_fells_a_virtual_tag(name: str) -> None:
    tag, luck = EVERY[name](UID), Random(name)
    for _ in range(300):
        tag.power_up()
        for frame in (*ACTIVATION[: luck.choice([0, 5, 6])], *(some_frame(luck, tag.uid) for _ in range(6))):
            answer = tag.answer(frame)
            assert answer is None or isinstance(answer, bytes)


def some_frame(luck: Random, uid: bytes) -> bytes:
    """Return a frame with a known beginning and any end."""
    starts = ("", "30", "3a", "a204", "0200a404", "0300b0", "0200d6", "1006" + uid.hex())
    return bytes.fromhex(luck.choice(starts)) + luck.randbytes(luck.randrange(0, 30))


@pytest.mark.parametrize("name", TYPE_A)
def test_no_hostile_tag_is_read_as_a_link(name: str) -> None:
    seen = read(TYPE_A[name](UID))
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


def test_a_name_of_no_tag_is_told_in_words() -> None:
    with pytest.raises(UnknownKind, match="ntag213, ntag215"):
        tag_named("ntag217", UID, LINK, luck=Random(1).randbytes)
