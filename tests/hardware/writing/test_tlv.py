"""The order of writes: whatever is the last byte to arrive, the area reads old, nothing, or new."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hardware.type2 import find_message
from hardware.writing.layout import DATA
from hardware.writing.step import Content, Step
from hardware.writing.tlv import eraser, length_page, place_of_message, room, steps, with_message

CONTROL = bytes.fromhex("0103A00C34")


def messages(most: int) -> st.SearchStrategy[bytes]:
    return st.integers(0, most).flatmap(lambda n: st.just(bytes(range(1, 251)) * 4).map(lambda b: b[:n]))


@st.composite
def areas(draw: st.DrawFn) -> bytes:
    """A data area: control blocks, NULLs, an old message, none or nonsense, and what others left behind it."""
    size = draw(st.sampled_from([144, 496, 872]))
    start = CONTROL * draw(st.integers(0, 3)) + bytes(draw(st.integers(0, 3)))
    old = draw(messages(90))
    written = draw(st.sampled_from([b"\x03" + bytes([len(old)]) + old + b"\xfe", b"\xfe", b"\x00"]))
    rest = draw(st.sampled_from([b"\x00", b"\xa5", b"\x03", b"\xfe"])) * size
    nonsense = b"\x05\x03\x03\x01\xaa" + bytes([0xFD, 0xFF]) * draw(st.integers(0, 1))
    whole = draw(st.sampled_from([start + written + rest, start + nonsense + rest]))[:size]
    return bytes(size) if written == b"\x00" else whole


def after(area: bytes, step: Step) -> bytes:
    at = (step.address - DATA) * 4
    return area[:at] + step.content + area[at + 4 :]


def message_in(area: bytes) -> bytes:
    return (find_message(area) if any(area) else b"") or b""


@given(areas(), st.data())
def test_every_prefix_and_every_torn_page_reads_old_nothing_or_new(area: bytes, luck: st.DataObject) -> None:
    new = luck.draw(messages(room(area)))
    allowed = {message_in(area), b"", new}
    for step in steps(area, new):
        at = (step.address - DATA) * 4
        for torn in range(4):
            half = area[:at] + step.content[:torn] + area[at + torn :]
            assert message_in(half) in allowed
        area = after(area, step)
        assert message_in(area) == {Content.EMPTY: b"", Content.NEW: new}[step.leaves or Content.NEW]
    assert message_in(area) == new


@given(areas())
def test_what_stands_before_a_message_stays(area: bytes) -> None:
    at = place_of_message(area)
    new = with_message(area, b"new")
    assert (new[:at], len(new)) == (area[:at], len(area))


@given(areas(), st.data())
def test_the_longest_message_fits_and_one_more_does_not(area: bytes, luck: st.DataObject) -> None:
    most = bytes([7]) * room(area)
    assert message_in(with_message(area, most)) == most
    assert message_in(with_message(area, most + b"\x07")) != most + b"\x07"


@given(areas(), messages(140))
def test_one_page_erases_and_one_brings_it_back(area: bytes, message: bytes) -> None:
    area = with_message(area, message[: room(area)])
    kept = length_page(area)
    assert after(area, kept) == area
    erased = after(area, eraser(area))
    assert message_in(erased) == b""
    assert after(erased, kept) == area


def test_a_page_that_is_right_already_is_not_written() -> None:
    area = with_message(bytes(144), b"same, but not the last")
    changed = {step.address for step in steps(area, b"same, but not the LAST")}
    assert changed == {4, 9}
