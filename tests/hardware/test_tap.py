"""One tap costs so much and no more, is tried once again, and always comes to something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from hardware import ndef
from hardware.fault import ReaderFault
from hardware.nfc_reader import radio_in_process
from hardware.radio import Feedback, ReaderBroken, TagGarbled, TagSilent, Target
from hardware.tag import Outcome, TagRead
from hardware.tap import DEADLINE_SECONDS, FRAME_SECONDS, MOST_FRAMES, TapEngine
from hardware.virtual import (
    Field,
    VirtualTag,
    fault_script,
    ntag213,
    ntag215,
    ntag424,
    transit_card,
    type4,
    written,
)

UID, LINK = "04A1B2C3D4E580", "https://id.example/01/09506000134352"
SIGNATURE = bytes(range(32))


@dataclass
class Played:
    """A radio on which each frame takes time and comes to what the test says; it notes how long it may wait."""

    answer: Callable[[bytes], bytes]
    seconds: float = 0.0
    there: bool = True
    now: float = 0.0
    frames: list[bytes] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def sense(self, uid: bytes | None = None) -> Target | None:
        return Target(bytes.fromhex(UID), 0x00, b"\x44\x00") if self.there else None

    def exchange(self, frame: bytes, timeout: float) -> bytes:
        self.frames.append(frame)
        self.waits.append(timeout)
        self.now += min(self.seconds, timeout)
        return self.answer(frame)

    def prove_alone(self) -> None: ...

    def signal(self, feedback: Feedback) -> None: ...

    def close(self) -> None: ...


def tap(radio: Played, sak: int = 0x00) -> TagRead:
    return TapEngine(lambda: radio.now).read(radio, Target(bytes.fromhex(UID), sak, b"\x44\x00"))


def silent(_: bytes) -> bytes:
    raise TagSilent


def garbled(_: bytes) -> bytes:
    raise TagGarbled


def broken(_: bytes) -> bytes:
    raise ReaderBroken(ReaderFault.STOPPED)


def more_time_please(frame: bytes) -> bytes:
    return b"\x06\x77\x77\x81\x02\x80" if frame[0] == 0xE0 else b"\xf2\x01"


def test_no_frame_may_wait_past_the_deadline_and_the_tap_ends_there() -> None:
    radio = Played(lambda frame: b"\x13" + frame[1:] + bytes(30) if frame[0] != 0xE0 else b"\x02\x78", 0.09)
    read = tap(radio, sak=0x20)
    assert radio.now <= DEADLINE_SECONDS
    assert max(radio.waits) <= FRAME_SECONDS
    assert read.outcome is Outcome.UNREADABLE


def test_a_tag_that_never_ends_is_stopped_by_its_frames() -> None:
    chained = Played(lambda frame: bytes([0x12 | frame[0] & 1]) + b"x" if frame[0] != 0xE0 else b"\x02\x78")
    assert tap(chained, sak=0x20).outcome is Outcome.UNREADABLE
    assert len(chained.frames) == MOST_FRAMES


def test_a_card_that_asks_for_time_for_ever_is_foreign_soon() -> None:
    radio = Played(more_time_please)
    assert tap(radio, sak=0x20).outcome is Outcome.FOREIGN
    assert len(radio.frames) < 10


def test_a_tag_that_is_gone_is_lost_and_not_asked_again() -> None:
    radio = Played(silent, there=False)
    assert tap(radio).outcome is Outcome.LOST
    assert len(radio.frames) == 1


@pytest.mark.parametrize("answer", [silent, garbled])
def test_a_tag_that_is_there_and_says_nothing_is_tried_once_again_and_unreadable(
    answer: Callable[[bytes], bytes],
) -> None:
    radio = Played(answer)
    assert tap(radio).outcome is Outcome.UNREADABLE
    assert [frame[0] for frame in radio.frames] == [0x3A, 0x30]


def test_a_reader_that_breaks_is_not_the_tags_doing() -> None:
    with pytest.raises(ReaderBroken):
        tap(Played(broken))


class Counting:
    """A field in process that counts frames after the selection."""

    def __init__(self, tag: VirtualTag) -> None:
        self.field, self.frames = Field(), list[bytes]()
        self.field.lay(tag)
        self.radio, self.engine = radio_in_process(self), TapEngine(lambda: 0.0)

    def answer(self, technology: str, frame: bytes) -> bytes | None:
        self.frames.append(frame)
        return self.field.answer(technology, frame)

    def off(self) -> None:
        self.field.off()

    def tap(self) -> TagRead:
        target = self.radio.sense()
        assert target is not None
        self.frames.clear()
        return self.engine.read(self.radio, target)


def test_a_usual_tag_takes_one_frame_and_what_it_says_of_itself() -> None:
    counting = Counting(written(UID, "NTAG213", ndef.encode_uri(LINK), signature=SIGNATURE))
    first = counting.tap()
    assert [frame[0] for frame in counting.frames] == [0x3A, 0x60, 0x30, 0x3C]
    assert (first.uri, first.kind, first.signature, first.counter) == (LINK, "NTAG213", SIGNATURE, None)
    second = counting.tap()
    assert [frame[0] for frame in counting.frames] == [0x3A]
    assert (second.uri, second.kind, second.signature) == (LINK, "NTAG213", None)


def test_a_chip_that_counts_is_asked_for_its_count_at_each_tap() -> None:
    tag = ntag215(UID, LINK)
    tag.memory.write(0x84, b"\x10\x00\x00\x00", settings_locked=False)
    counting = Counting(tag)
    counts = [counting.tap().counter for _ in range(3)]
    assert None not in counts
    assert len(set(counts)) == 3


@pytest.mark.parametrize("make", [type4, ntag424])
def test_a_usual_type_4_tag_takes_four_exchanges(make: Callable[[str, str], VirtualTag]) -> None:
    counting = Counting(make(UID, LINK))
    assert counting.tap().uri == LINK
    assert len(counting.frames) == 4


def test_a_longer_message_is_read_in_pieces() -> None:
    long = LINK + "?x=" + "y" * 300
    assert Counting(type4(UID, long)).tap().uri == long
    assert Counting(type4(UID, long, largest_frame=16)).tap().uri == long


def test_what_a_tag_says_of_itself_cannot_spoil_its_message() -> None:
    counting = Counting(ntag213(UID, LINK))
    counting.field.disturb(fault_script("silence 7-"))  # the sixth frame is FAST_READ
    read = counting.tap()
    assert (read.outcome, read.uri, read.kind) == (Outcome.OK, LINK, "Type 2")


class Breaking(Counting):
    """A device that fails after the six frames of a selection and FAST_READ."""

    left = 6

    def answer(self, technology: str, frame: bytes) -> bytes | None:
        self.left -= 1
        if self.left < 0:
            raise OSError
        return super().answer(technology, frame)


def test_a_reader_that_breaks_after_the_message_has_read_it() -> None:
    breaking = Breaking(ntag213(UID, LINK))
    assert breaking.tap().uri == LINK
    assert breaking.left < 0


def test_a_card_of_a_bus_is_foreign_and_its_number_is_not_kept() -> None:
    read = Counting(transit_card()).tap()
    assert (read.outcome, read.uid) == (Outcome.FOREIGN, "")
