"""The loop all readers share: light after the news, a new radio after a fault, silence that proves nothing."""

from __future__ import annotations

from collections.abc import Iterator

from hardware.fault import ReaderFault
from hardware.polling_reader import PollingReader
from hardware.radio import Feedback, ReaderBroken, TagGarbled, TagsCollided, TagSilent, Target, TwoTags
from hardware.reader import Arrived, Fault, ReaderEvent, Recovered, Removed
from hardware.tag import Outcome

TAG = Target(bytes.fromhex("04A1B2C3D4E580"), 0x08, b"\x44\x00")
"""A tag that is foreign by its SAK: nothing need be asked of it."""
BESIDE = Target(bytes.fromhex("04A1B2C3D4E599"), 0x08, b"\x44\x00")
"""A tag that another lies beside, which only the proof finds out."""
EMPTY = ReaderFault.PORT_EMPTY, "1-1"
Look = Target | Exception | None


class Played:
    """A radio that sees what the test says, look by look, and notes what is done with it."""

    def __init__(self, looks: Iterator[Look], done: list[str]) -> None:
        self._looks, self._done = looks, done
        self._seen: Target | None = None

    def sense(self, uid: bytes | None = None) -> Target | None:
        if uid is not None:
            return self._seen
        look = next(self._looks)
        if isinstance(look, Exception):
            raise look
        self._seen = look
        return look

    def prove_alone(self) -> None:
        if self._seen is BESIDE:
            raise TwoTags

    def exchange(self, frame: bytes, timeout: float) -> bytes:
        raise TagSilent

    def signal(self, feedback: Feedback) -> None:
        self._done.append(feedback)

    def close(self) -> None:
        self._done.append("close")


class Stage:
    """A reader on played looks; `told` are the events and what was done, in their order."""

    def __init__(self, *looks: Look, seconds_a_look: float = 0.02) -> None:
        self.now, self.told, self._seconds = 0.0, list[object](), seconds_a_look
        self.done: list[str] = []
        self._looks = iter(looks)
        self.reader = PollingReader(self._open, clock=lambda: self.now, wait=self._wait)

    def _open(self) -> Played:
        return Played(self._looks_until_closed(), self.done)

    def _looks_until_closed(self) -> Iterator[Look]:
        yield from self._looks
        self.reader.close()
        yield None

    def _wait(self, seconds: float) -> None:
        self.now += self._seconds

    def events(self) -> list[ReaderEvent]:
        return list(self.reader)

    def kinds(self) -> list[type]:
        return [type(event) for event in self.events()]


def test_light_comes_after_the_news_is_out() -> None:
    stage = Stage(TAG)
    for event in stage.reader:
        if isinstance(event, Arrived):
            assert stage.done == []
    assert stage.done == [Feedback.TROUBLE, "close"]


def test_a_broken_radio_is_closed_told_once_and_replaced() -> None:
    stage = Stage(
        TAG,
        ReaderBroken(*EMPTY),
        ReaderBroken(*EMPTY),
        TAG,
        None,
        None,
    )
    told = stage.events()
    assert [type(event) for event in told] == [Arrived, Fault, Recovered, Removed]
    assert told[1] == Fault(*EMPTY)
    assert stage.done.count("close") == 3
    assert stage.reader.vitals.opens == 3


def test_a_tag_that_rests_through_a_fault_is_no_news() -> None:
    assert Stage(TAG, ReaderBroken(*EMPTY), TAG, TAG).kinds() == [Arrived, Fault, Recovered]


def test_a_radio_that_keeps_silent_proves_nothing_until_the_backstop() -> None:
    assert Stage(TAG, *[TagSilent()] * 70).kinds() == [Arrived]
    assert Stage(TAG, *[TagSilent()] * 80).kinds() == [Arrived, Removed]


def test_what_fails_its_check_proves_that_the_tag_is_there() -> None:
    assert Stage(TAG, *[TagGarbled()] * 200, None, TAG, None, TagGarbled(), None, TAG).kinds() == [Arrived]


def test_one_look_at_two_tags_may_be_noise_and_three_are_two_tags() -> None:
    assert Stage(TAG, TagsCollided(), TagsCollided(), TAG).kinds() == [Arrived]
    told = Stage(*[TagsCollided()] * 5, None, None).events()
    assert [type(event) for event in told] == [Arrived, Removed]
    assert isinstance(told[0], Arrived)
    assert told[0].read.outcome is Outcome.COLLISION


def test_a_tag_beside_the_one_that_rests_is_told_and_so_is_the_one_that_stays() -> None:
    told = Stage(TAG, *[TagsCollided()] * 3, TAG).kinds()
    assert told == [Arrived, Removed, Arrived, Removed, Arrived]


def test_of_two_tags_told_apart_neither_is_shown_and_the_one_that_stays_is_news() -> None:
    told = Stage(BESIDE, BESIDE, BESIDE, TAG, TAG, TAG, None, None).events()
    reads = [event.read.outcome for event in told if isinstance(event, Arrived)]
    assert reads == [Outcome.COLLISION, Outcome.FOREIGN]
    assert [type(event) for event in told] == [Arrived, Removed, Arrived, Removed]


def test_a_tag_laid_beside_the_one_that_rests_is_told_though_it_is_never_listed() -> None:
    told = Stage(TAG, TAG, BESIDE, BESIDE, None, None).events()
    reads = [event.read.outcome for event in told if isinstance(event, Arrived)]
    assert reads == [Outcome.FOREIGN, Outcome.COLLISION]
