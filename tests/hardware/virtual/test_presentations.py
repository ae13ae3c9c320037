"""A tag is the same tag however its field is presented: in process, over the simulated radio, behind a PN532."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from hardware.nfc_reader import open_radio, radio_in_process
from hardware.radio import Radio, RadioError, TagsCollided
from hardware.tag import Outcome, TagRead
from hardware.tap import TapEngine
from hardware.virtual import (
    Field,
    VirtualField,
    VirtualPn532,
    VirtualTag,
    bank_card,
    blank,
    fault_script,
    malformed,
    not_ndef,
    ntag213,
    ntag216,
    ntag424,
    phone,
    transit_card,
    type4,
)

UID = "04A1B2C3D4E580"
LINK = "https://id.example/01/09506000134352?17=261231&a=b%2Fc"
LONG = LINK + "&x=" + "y" * 400


@contextmanager
def in_process(_: Path) -> Iterator[tuple[Field, Radio]]:
    field = Field()
    yield field, radio_in_process(field)


@contextmanager
def over_udp(_: Path) -> Iterator[tuple[Field, Radio]]:
    with VirtualField() as field:
        radio = open_radio(field.reader)
        yield field, radio
        radio.close()


@contextmanager
def behind_a_pn532(folder: Path) -> Iterator[tuple[Field, Radio]]:
    with VirtualPn532(folder) as field:
        radio = open_radio(field.reader)
        yield field, radio
        radio.close()


@pytest.fixture(params=[in_process, over_udp, behind_a_pn532], ids=lambda way: way.__name__)
def presented(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Field, Radio]]:
    with request.param(tmp_path) as both:
        yield both


def read(radio: Radio) -> TagRead | None:
    target = radio.sense()
    return TapEngine(time.perf_counter).read(radio, target) if target else None


TAGS: dict[str, tuple[Callable[[], VirtualTag], Outcome, str | None]] = {
    "ntag213": (lambda: ntag213(UID, LINK), Outcome.OK, LINK),
    "ntag216": (lambda: ntag216(UID, LONG), Outcome.OK, LONG),
    "blank": (lambda: blank(UID), Outcome.EMPTY, None),
    "malformed": (lambda: malformed(UID), Outcome.MALFORMED, None),
    "not ndef": (lambda: not_ndef(UID), Outcome.NOT_NDEF, None),
    "type 4": (lambda: type4("04A1B2C3D4E5F6071829", LONG), Outcome.OK, LONG),
    "ntag 424": (lambda: ntag424(UID, LINK), Outcome.OK, LINK),
    "a card that asks for time": (lambda: ntag424(UID, LINK, waits=2), Outcome.OK, LINK),
    "bank card": (bank_card, Outcome.FOREIGN, None),
    "transit card": (transit_card, Outcome.FOREIGN, None),
    "phone": (lambda: phone(Random(2).randbytes), Outcome.FOREIGN, None),
}


@pytest.mark.parametrize("name", TAGS)
def test_a_tag_reads_the_same_everywhere(presented: tuple[Field, Radio], name: str) -> None:
    field, radio = presented
    make, outcome, uri = TAGS[name]
    assert read(radio) is None
    field.lay(make())
    for _ in range(2):
        seen = read(radio)
        assert seen is not None
        assert (seen.outcome, seen.uri) == (outcome, uri)
    field.take()
    assert read(radio) is None


def test_two_tags_at_once_are_noticed_everywhere(presented: tuple[Field, Radio]) -> None:
    field, radio = presented
    field.lay(ntag213(UID, LINK), ntag213("04A1B2C3D4E581", LINK))
    with pytest.raises(TagsCollided):
        read(radio)
        radio.prove_alone()
    field.lay(ntag213(UID, LINK))
    assert read(radio)


def test_a_faulty_answer_does_not_spoil_the_next_reading(presented: tuple[Field, Radio]) -> None:
    field, radio = presented
    for frame in range(1, 12):
        for kind in ("garble", "silence", "deaf", "nak"):
            field.lay(ntag213(UID, LINK), faults=fault_script(f"{kind} {frame}"))
            try:
                seen = read(radio)
            except RadioError:
                seen = None
            assert seen is None or seen.uri in {LINK, None}
            field.lay(ntag213(UID, LINK))
            whole = read(radio)
            assert whole is not None
            assert whole.uri == LINK, (kind, frame)


def test_a_tag_cut_at_any_frame_gives_its_whole_link_or_none(presented: tuple[Field, Radio]) -> None:
    field, radio = presented
    for frame in range(1, 30):
        field.lay(ntag216(UID, LONG), faults=fault_script(f"cut {frame}"))
        try:
            seen = read(radio)
        except RadioError:
            continue
        assert seen is None or seen.uri in {LONG, None}
        assert seen is None or (seen.uri is None) == (seen.outcome is not Outcome.OK)
