"""What every reader does, whatever it is made of: one suite for all implementations of `TagReader`."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from hardware.fault import in_words
from hardware.reader import Arrived, Fault, ReaderEvent, Recovered, Removed
from hardware.tag import Outcome
from hardware.virtual import VirtualTag, blank, ntag213, ntag424, phone, type4
from tests.hardware.stages import BARE, POLLED, READERS, Stage, stage

LINK = "https://id.example/01/09506000134352?17=261231&a=b%2Fc"
ONE, OTHER = "04A1B2C3D4E580", "04A1B2C3D4E581"
PLUGGABLE = [name for name in READERS if name != "keyboard"]
"""A keyboard whose text has ended does not come back: that is told as a fault, once."""


class Listener:
    """Iterates a reader in a thread of its own and keeps what it hears."""

    def __init__(self, staged: Stage) -> None:
        self.stage, self.heard = staged, queue.Queue[ReaderEvent]()
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        with self.stage.reader as reader:
            for event in reader:
                self.heard.put(event)

    def next(self) -> ReaderEvent:
        return self.heard.get(timeout=20)

    def until(self, kind: type[ReaderEvent]) -> ReaderEvent:
        while not isinstance(event := self.next(), kind):
            assert isinstance(event, Fault | Recovered)
        return event

    def uid(self, kind: type[Arrived] | type[Removed]) -> str:
        event = self.next()
        assert isinstance(event, kind)
        return event.read.uid if isinstance(event, Arrived) else event.uid


@pytest.fixture
def listener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Listener]:
    with stage(request.param, tmp_path) as staged:
        listening = Listener(staged)
        yield listening
        staged.reader.close()
        listening.thread.join(10)


def every(names: list[str] | tuple[str, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("listener", names, indirect=True)


@every(READERS)
def test_a_tag_is_told_when_it_comes_and_when_it_goes_and_never_between(listener: Listener) -> None:
    listener.stage.lay(ntag213(ONE, LINK))
    assert listener.uid(Arrived) == ONE
    time.sleep(0.3)
    listener.stage.take()
    assert listener.uid(Removed) == ONE
    assert listener.heard.empty()


@every(READERS)
def test_tags_come_and_go_in_turn_and_the_same_one_is_news_again(listener: Listener) -> None:
    told = []
    for uid in (ONE, OTHER, ONE):
        listener.stage.lay(ntag213(uid, LINK))
        told.append(listener.uid(Arrived))
        listener.stage.take()
        told.append(listener.uid(Removed))
    assert told == [ONE, ONE, OTHER, OTHER, ONE, ONE]


@every(READERS)
def test_closing_from_any_thread_ends_the_reading_though_no_tag_comes(listener: Listener) -> None:
    listener.stage.lay(ntag213(ONE, LINK))
    assert listener.uid(Arrived) == ONE
    listener.stage.reader.close()
    listener.stage.reader.close()
    listener.thread.join(10)
    assert not listener.thread.is_alive()


@every(PLUGGABLE)
def test_a_reader_pulled_out_is_told_in_words_and_reads_again_once_plugged_in(listener: Listener) -> None:
    listener.stage.lay(ntag213(ONE, LINK))
    assert listener.uid(Arrived) == ONE
    listener.stage.take()
    assert listener.uid(Removed) == ONE
    listener.stage.unplug()
    fault = listener.next()
    assert isinstance(fault, Fault)
    assert in_words(fault.kind, fault.where).endswith(".")
    listener.stage.plug()
    assert isinstance(listener.until(Recovered), Recovered)
    listener.stage.lay(ntag213(OTHER, LINK))
    assert listener.uid(Arrived) == OTHER


@pytest.mark.parametrize("name", POLLED)
def test_a_reader_that_is_missing_at_the_start_is_told_as_a_fault_and_found_later(
    name: str, tmp_path: Path
) -> None:
    with stage(name, tmp_path) as staged:
        staged.unplug()
        listening = Listener(staged)
        fault = listening.next()
        assert isinstance(fault, Fault)
        assert in_words(fault.kind, fault.where).endswith(".")
        staged.plug()
        assert isinstance(listening.until(Recovered), Recovered)
        staged.lay(ntag213(ONE, LINK))
        assert listening.uid(Arrived) == ONE
        staged.reader.close()
        listening.thread.join(10)


CONTENT: dict[str, tuple[VirtualTag, str | None, Outcome]] = {
    "a link": (ntag213(ONE, LINK), LINK, Outcome.OK),
    "nothing yet": (blank(ONE), None, Outcome.EMPTY),
    "a file on a processor": (type4(ONE, LINK), LINK, Outcome.OK),
}


@every(POLLED)
@pytest.mark.parametrize("what", CONTENT)
def test_what_is_written_is_read(listener: Listener, what: str) -> None:
    tag, uri, outcome = CONTENT[what]
    listener.stage.lay(tag)
    event = listener.next()
    assert isinstance(event, Arrived)
    assert (event.read.uid, event.read.uri, event.read.outcome) == (ONE, uri, outcome)


@every(BARE)
def test_two_tags_at_once_are_told_as_that_and_once(listener: Listener) -> None:
    assert listener.stage.field is not None
    listener.stage.field.lay(ntag213(ONE, LINK), ntag213(OTHER, LINK))
    event = listener.next()
    assert isinstance(event, Arrived)
    assert (event.read.outcome, event.read.uid, event.read.uri) == (Outcome.COLLISION, "", None)
    time.sleep(0.2)
    assert listener.heard.empty()
    listener.stage.take()
    assert listener.uid(Removed) == ""
    listener.stage.lay(ntag213(ONE, LINK))
    assert listener.uid(Arrived) == ONE


@every(BARE)
def test_a_phone_that_rests_under_ever_new_numbers_is_news_once(listener: Listener) -> None:
    listener.stage.lay(phone(Random(1).randbytes))
    event = listener.next()
    assert isinstance(event, Arrived)
    assert (event.read.outcome, event.read.uid) == (Outcome.FOREIGN, "")
    time.sleep(0.3)
    assert listener.heard.empty()
    listener.stage.take()
    assert listener.uid(Removed) == ""


@every(BARE)
def test_a_tag_that_signs_each_reading_is_read_once_for_each_tap(listener: Listener) -> None:
    tag = ntag424(ONE, "https://id.example/t?u={uid}&n={count}&c={mac}")
    counts = []
    for _ in range(3):
        listener.stage.lay(tag)
        event = listener.next()
        assert isinstance(event, Arrived)
        assert event.read.uri is not None
        counts.append(int(event.read.uri.partition("n=")[2][:6], 16))
        time.sleep(0.2)
        listener.stage.take()
        assert listener.uid(Removed) == ONE
    assert counts == [counts[0], counts[0] + 1, counts[0] + 2]


@every(BARE)
def test_a_tag_put_in_anothers_place_is_that_ones_removal_and_its_own_arrival(listener: Listener) -> None:
    listener.stage.lay(ntag213(ONE, LINK))
    assert listener.uid(Arrived) == ONE
    listener.stage.lay(ntag213(OTHER, LINK))
    assert [listener.uid(Removed), listener.uid(Arrived)] == [ONE, OTHER]
