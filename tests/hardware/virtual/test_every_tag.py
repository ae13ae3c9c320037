"""What every virtual tag keeps to, whatever kind it is: honest, foreign or hostile."""

from __future__ import annotations

from random import Random

import pytest

from hardware.virtual import HOSTILE, KINDS, UnknownKind, VirtualTag, tag_named
from tests.hardware.virtual.reading import select

UID = "04BADBADBADB80"
LINK = "https://id.example/01/09506000134352?u={uid}&c={mac}"
ACTIVATION = [bytes.fromhex(frame) for frame in ("26", "9320", "93708804badbed", "9520", "9570adbadb804c", "e080")]
COMMANDS = [
    bytes.fromhex(frame) for frame in ("3004", "60", "e080", "0200a4040007d276000085010100", "5000", "9520")
]
ENDLESS = "a SAK that never ends the UID"


@pytest.fixture(params=[*KINDS, *HOSTILE])
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def tag(name: str) -> VirtualTag:
    return made(name)


def made(name: str) -> VirtualTag:
    return tag_named(name, UID, LINK, luck=Random(1).randbytes)


def test_it_says_what_it_is(tag: VirtualTag) -> None:
    assert (tag.technology, len(tag.uid)) in {("106A", 4), ("106A", 7), ("106A", 10), ("212F", 8)}


def test_it_answers_no_command_before_it_is_selected(tag: VirtualTag) -> None:
    tag.power_up()
    assert [tag.answer(frame) for frame in COMMANDS] == [None] * len(COMMANDS)


def test_a_power_up_makes_it_begin_anew(name: str, tag: VirtualTag) -> None:
    if tag.technology != "106A" or name in {ENDLESS, "a SAK of two bytes"}:
        tag.power_up()
    else:
        for _ in range(2):
            assert select(tag) == tag.uid
            tag.power_up()
    assert [tag.answer(frame) for frame in COMMANDS] == [None] * len(COMMANDS)


def test_a_tag_that_refused_is_silent(name: str, tag: VirtualTag) -> None:
    if tag.technology == "106A" and name not in {ENDLESS, "a SAK of two bytes"}:
        select(tag)
    tag.refuse()
    assert [tag.answer(frame) for frame in COMMANDS] == [None] * len(COMMANDS)


def test_no_frame_whatever_fells_it(name: str, tag: VirtualTag) -> None:
    luck = Random(name)
    for _ in range(300):
        tag.power_up()
        for frame in (*ACTIVATION[: luck.choice([0, 5, 6])], *(some_frame(luck, tag.uid) for _ in range(6))):
            answer = tag.answer(frame)
            assert answer is None or isinstance(answer, bytes)
            tag.tear(frame)


def some_frame(luck: Random, uid: bytes) -> bytes:
    """Return a frame with a known beginning and any end."""
    starts = ("", "30", "3a", "a204", "0200a404", "0300b0", "0200d6", "1006" + uid.hex())
    return bytes.fromhex(luck.choice(starts)) + luck.randbytes(luck.randrange(0, 30))


def test_a_name_of_no_tag_is_told_in_words() -> None:
    with pytest.raises(UnknownKind, match="ntag213, ntag215"):
        made("ntag217")
