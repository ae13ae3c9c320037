"""Several readers on one kiosk: each is heard, and tapping is broken only when none works."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hardware.fault import ReaderFault
from hardware.reader import Arrived, Fault, ReaderEvent, Recovered
from hardware.scripted_reader import ScriptedReader
from hardware.tag import Outcome, TagRead
from kiosk.readers import Readers
from tests.clock import NOW, until


def arrived(uid: str) -> Arrived:
    return Arrived(TagRead(uid, "NTAG213", None, Outcome.OK, milliseconds=2.0))


@pytest.fixture
def scripts() -> dict[str, ScriptedReader]:
    return {"left": ScriptedReader(), "right": ScriptedReader()}


@pytest.fixture
def told() -> list[ReaderEvent]:
    return []


@pytest.fixture
def seconds() -> list[float]:
    """The counter of seconds, as a list of one for tests to set."""
    return [100.0]


@pytest.fixture
def readers(
    scripts: dict[str, ScriptedReader], told: list[ReaderEvent], seconds: list[float]
) -> Iterator[Readers]:
    made = Readers(scripts, told.append, complain=lambda error: None, now=lambda: NOW, clock=lambda: seconds[0])
    made.start()
    yield made
    made.stop()


def test_every_reader_is_heard(
    readers: Readers, scripts: dict[str, ScriptedReader], told: list[ReaderEvent]
) -> None:
    scripts["left"].put(arrived("04000000000001"))
    scripts["right"].put(arrived("04000000000002"))
    until(lambda: len(told) == 2)
    assert {event.read.uid for event in told if isinstance(event, Arrived)} == {"04000000000001", "04000000000002"}
    assert [record.last_tap_at for record in readers.records()] == [NOW, NOW]


def test_one_reader_at_fault_is_recorded_and_the_screen_hears_nothing(
    readers: Readers, scripts: dict[str, ScriptedReader], told: list[ReaderEvent]
) -> None:
    scripts["left"].put(Fault(ReaderFault.NOT_FOUND, "left"))
    until(lambda: readers.records()[0].state == "fault")
    assert [(one.name, one.state, one.fault, one.where) for one in readers.records()] == [
        ("left", "fault", "not_found", "left"),
        ("right", "working", "", ""),
    ]
    assert "No reader answers at left." in readers.records()[0].words
    assert told == []
    assert readers.moving()


def test_when_none_works_all_are_named_and_the_first_that_returns_ends_it(
    readers: Readers, scripts: dict[str, ScriptedReader], told: list[ReaderEvent]
) -> None:
    scripts["left"].put(Fault(ReaderFault.NOT_FOUND, "left"))
    until(lambda: readers.records()[0].state == "fault")
    scripts["right"].put(Fault(ReaderFault.HANGS))
    until(lambda: bool(told))
    scripts["right"].put(Recovered())
    until(lambda: len(told) == 2)
    scripts["left"].put(Recovered())
    until(lambda: readers.records()[0].state == "working")
    assert told == [Fault(ReaderFault.HANGS, "left · right"), Recovered()]


def test_a_reader_that_finishes_no_look_stands_still(
    readers: Readers, scripts: dict[str, ScriptedReader], seconds: list[float]
) -> None:
    assert readers.moving(), "a reader that waits to be told cannot be seen hanging"
    scripts["left"].vitals.looks = 7
    assert readers.moving()
    seconds[0] += 21
    assert not readers.moving()
    scripts["left"].vitals.looks = 8
    assert readers.moving()
