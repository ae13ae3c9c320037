"""A reader outlives its listener's mistakes, its own, and a driver that never returns; and its health is known."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator

from hardware.fault import ReaderFault
from hardware.health import ReaderState
from hardware.reader import Arrived, Fault, ReaderEvent, Recovered, Removed, Vitals
from hardware.scripted_reader import ScriptedReader
from hardware.supervisor import Supervisor
from hardware.tag import Outcome, TagRead


def arrived(milliseconds: float) -> Arrived:
    return Arrived(TagRead("04A1B2C3", "NTAG213", None, Outcome.OK, milliseconds=milliseconds))


class Watched:
    """A supervisor that looks often, with what it told."""

    def __init__(self, reader: ScriptedReader, clock: list[float] | None = None) -> None:
        self.heard: queue.Queue[ReaderEvent] = queue.Queue()
        self.complaints: list[str] = []
        seconds = clock or [0.0]
        self.supervisor = Supervisor(
            reader, self.listen, self.complain, clock=lambda: seconds[0], watch_seconds=0.02
        )

    def listen(self, event: ReaderEvent) -> None:
        self.heard.put(event)

    def complain(self, error: Exception) -> None:
        self.complaints.append(str(error))

    def next(self) -> ReaderEvent:
        return self.heard.get(timeout=5)


class Failing(ScriptedReader):
    """Breaks its promise the first time it is iterated."""

    broken = False

    def __iter__(self) -> Iterator[ReaderEvent]:
        if not self.broken:
            self.broken = True
            msg = "a promise broken"
            raise RuntimeError(msg)
        self.vitals.looks = 1
        yield from super().__iter__()


class Hanging(ScriptedReader):
    """Never comes back from its first look, as a driver can that waits for a chip."""

    def __init__(self) -> None:
        super().__init__()
        self.vitals = Vitals(opens=1, looks=0)
        self.let_go, self.iterations = threading.Event(), 0

    def __iter__(self) -> Iterator[ReaderEvent]:
        self.iterations += 1
        if self.iterations == 1:
            self.let_go.wait(10)
            yield arrived(666.0)
            return
        self.vitals.looks = (self.vitals.looks or 0) + 1
        for event in super().__iter__():
            self.vitals.looks += 1
            yield event


def test_a_listener_that_fails_does_not_stop_the_reading() -> None:
    watched = Watched(ScriptedReader([arrived(5.0), Removed("04A1B2C3")]))

    def listen(event: ReaderEvent) -> None:
        watched.heard.put(event)
        if event == arrived(5.0):
            msg = "a listener's mistake"
            raise LookupError(msg)

    supervisor = Supervisor(
        ScriptedReader([arrived(5.0), Removed("04A1B2C3")]), listen, watched.complain, clock=lambda: 0.0
    )
    supervisor.start()
    assert [watched.next(), watched.next()] == [arrived(5.0), Removed("04A1B2C3")]
    assert watched.complaints == ["a listener's mistake"]
    supervisor.stop()
    assert not supervisor.is_alive()


def test_a_reader_that_breaks_its_promise_is_heard_of_and_started_anew() -> None:
    watched = Watched(Failing([arrived(5.0)]))
    watched.supervisor.start()
    told = {type(watched.next()) for _ in range(3)}
    assert told == {Fault, Arrived, Recovered}
    assert watched.complaints == ["a promise broken"]
    assert watched.supervisor.health.working
    watched.supervisor.stop()


def test_a_driver_that_never_returns_is_told_in_words_and_a_new_one_reads() -> None:
    reader = Hanging()
    watched = Watched(reader)
    watched.supervisor.start()
    assert watched.next() == Fault(ReaderFault.HANGS)
    assert watched.supervisor.health.state is ReaderState.FAULT
    assert watched.next() == Recovered()
    reader.put(arrived(7.0))
    assert watched.next() == arrived(7.0)
    reader.let_go.set()  # the old driver wakes up: nobody hears it
    time.sleep(0.1)
    assert watched.heard.empty()
    assert reader.iterations == 2
    watched.supervisor.stop()


def test_health_tells_state_opens_faults_last_tap_and_read_times() -> None:
    seconds = [100.0]
    reads = [arrived(float(n)) for n in range(1, 101)]
    watched = Watched(ScriptedReader([*reads, Fault(ReaderFault.NOT_FOUND, "usb")]), seconds)
    assert watched.supervisor.health.last_read_s is None
    watched.supervisor.start()
    for _ in range(101):
        watched.next()
    seconds[0] = 107.0
    health = watched.supervisor.health
    assert (health.state, health.opens, health.faults) == (ReaderState.FAULT, 1, 1)
    assert health.fault == Fault(ReaderFault.NOT_FOUND, "usb")
    assert (health.reads, health.last_read_s) == (100, 7.0)
    assert (health.read_ms_p50, health.read_ms_p95) == (51.0, 96.0)
    watched.supervisor.stop()


def test_a_stopped_reader_says_so() -> None:
    watched = Watched(ScriptedReader())
    watched.supervisor.start()
    watched.supervisor.stop()
    assert watched.supervisor.health.state is ReaderState.STOPPED
