"""Real nfcpy over the simulated radio: every kind of tag has its outcome, and nothing stops the reader."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator

import pytest

from hardware.choose import open_reader
from hardware.fault import ReaderFault
from hardware.reader import Arrived, Fault, ReaderEvent, Recovered, Removed
from hardware.supervisor import Supervisor
from hardware.tag import Outcome, TagRead
from hardware.virtual import (
    VirtualField,
    VirtualTag,
    bank_card,
    blank,
    malformed,
    not_ndef,
    ntag213,
    ntag215,
    ntag216,
)

LINK = "https://id.example/01/09506000134352?17=261231&a=b%2Fc"
UID = "04A1B2C3D4E580"
LONG = LINK + "&x=" + "y" * 700
KINDS = {
    "ntag213": (ntag213(UID, LINK), UID, "NTAG213", LINK, Outcome.OK),
    "ntag215": (ntag215(UID, LINK), UID, "NTAG215", LINK, Outcome.OK),
    "ntag216": (ntag216(UID, LONG), UID, "NTAG216", LONG, Outcome.OK),
    "blank": (blank(UID), UID, "NTAG213", None, Outcome.EMPTY),
    "malformed": (malformed(UID), UID, "NTAG213", None, Outcome.MALFORMED),
    "not ndef": (not_ndef(UID), UID, "NTAG213", None, Outcome.NOT_NDEF),
    "bank card": (bank_card(), "", "Type 4", None, Outcome.FOREIGN),
}


class Bench:
    """A field with a reader on it."""

    def __init__(self, field: VirtualField) -> None:
        self.field = field
        self.events: queue.Queue[ReaderEvent] = queue.Queue()
        reader = open_reader(field.reader, clock=time.perf_counter, wait=time.sleep)
        self.supervisor = Supervisor(reader, self.events.put, lambda error: None, clock=time.perf_counter)

    def next(self, kind: type[ReaderEvent]) -> ReaderEvent:
        while True:
            event = self.events.get(timeout=10)
            if isinstance(event, kind):
                return event

    def tap(self, tag: VirtualTag) -> TagRead:
        self.field.lay(tag)
        event = self.next(Arrived)
        self.field.take()
        self.next(Removed)
        assert isinstance(event, Arrived)
        return event.read


@pytest.fixture
def bench() -> Iterator[Bench]:
    with VirtualField() as field:
        made = Bench(field)
        made.supervisor.start()
        yield made
        made.supervisor.stop()
        assert not made.supervisor.is_alive()


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_tag_has_its_outcome(bench: Bench, name: str) -> None:
    tag, uid, kind, uri, outcome = KINDS[name]
    read = bench.tap(tag)
    assert (read.uid, read.kind, read.uri, read.outcome) == (uid, kind, uri, outcome)


def test_content_never_belongs_to_another_tag(bench: Bench) -> None:
    tags = {f"04A1B2C3D4E5{n:02X}": f"https://id.example/01/{n:014d}" for n in range(20)}
    seen = [bench.tap(ntag213(uid, uri)) for _ in range(4) for uid, uri in tags.items()]
    assert [(read.uid, read.uri) for read in seen] == list(tags.items()) * 4


def test_a_resting_tag_is_no_news(bench: Bench) -> None:
    bench.field.lay(ntag213(UID, LINK))
    bench.next(Arrived)
    time.sleep(0.3)
    assert bench.events.empty()


@pytest.mark.parametrize("frames", range(1, 9))
def test_a_tag_pulled_at_any_frame_is_lost_or_whole_and_the_next_is_read(bench: Bench, frames: int) -> None:
    bench.field.lay(ntag216(UID, LONG))
    bench.field.cut_after(frames)
    time.sleep(1.2)
    for event in list(bench.events.queue):
        if isinstance(event, Arrived):
            assert event.read.outcome in {Outcome.LOST, Outcome.OK}
            assert event.read.uri in {None, LONG}
    bench.field.take()
    bench.events = queue.Queue()
    bench.supervisor._listen = bench.events.put
    bench.field.lay(ntag213("04A1B2C3D4E599", LINK))
    assert bench.next(Arrived).read.uri == LINK


def test_a_reader_that_is_not_there_is_told_in_words_and_found_again() -> None:
    events: queue.Queue[ReaderEvent] = queue.Queue()
    reader = open_reader("usb:ffff:ffff", clock=time.perf_counter, wait=time.sleep)
    supervisor = Supervisor(reader, events.put, lambda error: None, clock=time.perf_counter)
    supervisor.start()
    event = events.get(timeout=5)
    assert isinstance(event, Fault)
    assert event.kind is ReaderFault.NOT_FOUND
    assert not supervisor.health.working
    supervisor.stop()
    assert Recovered() == Recovered()
