"""The card's side of ISO-DEP: activation, chaining both ways, repeats, waiting, parting."""

from __future__ import annotations

import pytest

from hardware.virtual.iso_dep import IsoDepTag
from tests.hardware.virtual.reading import select

ATS = bytes.fromhex("067577810280")


class Echo:
    """Answers with what it was asked, and counts."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []

    def begin(self) -> None:
        """Nothing to forget."""

    def reply(self, command: bytes) -> bytes:
        """Return the command itself."""
        self.asked.append(command)
        return command


def card(rats: str = "e080", **more: int) -> tuple[IsoDepTag, Echo]:
    echo = Echo()
    made = IsoDepTag(bytes.fromhex("04A1B2C3D4E580"), echo, ats=ATS, **more)
    select(made)
    assert made.answer(bytes.fromhex(rats)) == ATS
    return made, echo


def test_a_card_gives_its_ats_and_takes_pps_once() -> None:
    tag, _ = card()
    assert tag.answer(bytes.fromhex("d01100")) == b"\xd0"
    assert tag.answer(bytes.fromhex("d01100")) is None


def test_before_rats_there_is_no_block() -> None:
    tag = IsoDepTag(bytes.fromhex("04A1B2C3D4E580"), Echo(), ats=ATS)
    select(tag)
    assert tag.answer(b"\x02hello") is None
    assert tag.answer(bytes.fromhex("e080")) is None, "and the card has left the selection"


def test_block_numbers_take_turns() -> None:
    tag, echo = card()
    assert tag.answer(b"\x02one") == b"\x02one"
    assert tag.answer(b"\x03two") == b"\x03two"
    assert echo.asked == [b"one", b"two"]


def test_a_long_command_comes_in_a_chain() -> None:
    tag, echo = card()
    assert tag.answer(b"\x12one, ") == b"\xa2"
    assert tag.answer(b"\x13two, ") == b"\xa3"
    assert tag.answer(b"\x02three") == b"\x02one, two, three"
    assert echo.asked == [b"one, two, three"]


@pytest.mark.parametrize(("rats", "room"), [("e000", 13), ("e020", 29), ("e050", 61)])
def test_a_long_answer_leaves_in_a_chain_that_fits_the_reader(rats: str, room: int) -> None:
    tag, _ = card(rats)
    tag.answer(b"\x12" + bytes(range(50)))
    first = tag.answer(b"\x03" + bytes(range(50)))
    assert first
    got, number = first[1:], 1
    while first[0] & 0x10:
        assert len(first) == room + 1
        number ^= 1
        again = tag.answer(bytes([0xA2 | number]))
        assert again
        assert again[0] & 1 == number
        first, got = again, got + again[1:]
    assert got == bytes(range(50)) * 2


def test_a_lost_answer_is_repeated_and_nothing_is_done_twice() -> None:
    tag, echo = card(largest_frame=16)
    answer = tag.answer(b"\x02" + bytes(20))
    assert tag.answer(b"\xb2") == answer
    rest = tag.answer(b"\xa3")
    assert tag.answer(b"\xb3") == rest
    assert len(echo.asked) == 1


def test_a_lost_command_is_asked_for_again() -> None:
    tag, echo = card()
    assert tag.answer(b"\xb2") == b"\xa3"
    assert tag.answer(b"\x02one") == b"\x02one"
    assert tag.answer(b"\xb3") == b"\xa2"
    assert echo.asked == [b"one"]


def test_a_card_may_ask_for_time() -> None:
    tag, echo = card(waits=2)
    assert tag.answer(b"\x02one") == b"\xf2\x01"
    assert tag.answer(b"\xb2") == b"\xf2\x01", "and asks again where that was lost"
    assert tag.answer(b"\xf2\x01") == b"\xf2\x01"
    assert tag.answer(b"\xf2\x01") == b"\x02one"
    assert tag.answer(b"\xf2\x01") is None
    assert echo.asked == [b"one"]


def test_a_card_number_is_kept_and_no_other_answered() -> None:
    tag, _ = card("e083")
    assert tag.answer(b"\x0a\x03one") == b"\x0a\x03one"
    assert tag.answer(b"\x0b\x04two") is None
    assert tag.answer(b"\x03two") is None
    assert tag.answer(b"\x0b\x03two") == b"\x0b\x03two"


@pytest.mark.parametrize("frame", ["f0a00190", "e2", "0600", "42", "02" + "00" * 62])
def test_what_the_protocol_does_not_know_meets_silence(frame: str) -> None:
    tag, echo = card()
    assert tag.answer(bytes.fromhex(frame)) is None
    assert echo.asked == []
    assert tag.answer(b"\x02one") == b"\x02one", "and changes nothing"


def test_a_deselected_card_sleeps_until_woken() -> None:
    tag, _ = card()
    assert tag.answer(b"\xc2") == b"\xc2"
    assert tag.answer(b"\x02one") is None
    assert tag.answer(b"\x26") is None
    assert tag.answer(b"\x52")
