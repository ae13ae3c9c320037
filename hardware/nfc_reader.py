"""The door to nfcpy: a reader that no tag and no fault of the device can stop."""

from __future__ import annotations

import errno
import select
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self

import nfc.clf
import nfc.clf.udp

from hardware import type2, type4
from hardware.arrivals import Arrivals
from hardware.reader import Arrived, Fault, ReaderEvent, Recovered, Removed
from hardware.tag import Outcome, TagRead

POLL_SECONDS = 0.02
DEADLINE_SECONDS = 0.5
MOST_FRAMES = 120
FRAME_SECONDS = 0.1
SHORTEST_BACKOFF, LONGEST_BACKOFF = 0.25, 5.0


class OutOfBudget(Exception):
    """Raised inside this file where a tag takes more time or frames than any honest tag."""


class SimulatedRadio(nfc.clf.udp.Device):  # type: ignore[misc]  # nfcpy ships no types
    """nfcpy's simulated radio, hardened: a late answer is never taken for the next command's.

    Everything still in the socket is thrown away before each command, and no wait is so short that a busy
    machine's answer comes after it.
    """

    def _send_data(self, brty: str, data: bytes, addr: tuple[str, int]) -> None:
        while select.select([self.socket], [], [], 0)[0]:
            self.socket.recvfrom(1024)
        super()._send_data(brty, data, addr)

    def _recv_data(self, timeout: float | None, *brty_list: str) -> Any:
        try:
            return super()._recv_data(max(timeout or 0.0, 0.25), *brty_list)
        except (ValueError, OSError) as error:  # not hexadecimal, or nobody listens there
            raise nfc.clf.TransmissionError(str(error)) from error


class NfcReader:
    """A `TagReader` on nfcpy. `path` is nfcpy's: `usb…`, `tty:…`, `com:…`, or `udp:host:port` (simulated radio).

    `clock` counts seconds and never goes back; `wait(seconds)` sleeps.
    """

    def __init__(self, path: str, *, clock: Callable[[], float], wait: Callable[[float], None]) -> None:
        self._path, self._clock, self._wait = path, clock, wait
        self._frontend: Any = None
        self._told = ""
        self._closed = threading.Event()

    def __enter__(self) -> Self:
        """Make ready; the device is opened by the iteration, so that a missing one is told as a Fault."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """End the iteration soon."""
        self._closed.set()

    def __iter__(self) -> Iterator[ReaderEvent]:
        """Yield what happens until closed."""
        arrivals, backoff, faulty = Arrivals(), SHORTEST_BACKOFF, False
        while not self._closed.is_set():
            try:
                self._open()
                event = self._look(arrivals)
            except Exception as error:
                self._drop()
                if not faulty:
                    yield Fault(words_for(error, self._path))
                faulty = True
                self._closed.wait(backoff)
                backoff = min(backoff * 2, LONGEST_BACKOFF)
                continue
            if faulty:
                faulty, backoff = False, SHORTEST_BACKOFF
                yield Recovered()
            if event is not None:
                yield event
            self._wait(POLL_SECONDS)
        self._drop()

    def _open(self) -> None:
        if self._frontend is not None:
            return
        frontend = nfc.clf.ContactlessFrontend()
        if self._path.startswith("udp:"):
            _, host, port = self._path.split(":")
            frontend.device = SimulatedRadio(host, int(port))
        elif not frontend.open(self._path):
            raise OSError(errno.ENODEV, "no reader found")
        self._frontend = frontend

    def _drop(self) -> None:
        frontend, self._frontend = self._frontend, None
        try:
            if frontend is not None:
                frontend.close()
        except Exception:  # noqa: S110 - a broken device may not even close; a new one is made anyway
            pass

    def _look(self, arrivals: Arrivals) -> ReaderEvent | None:
        target = self._frontend.sense(nfc.clf.RemoteTarget("106A"))
        if target is None:
            return Removed(self._told) if arrivals.absent() else None
        key = bytes(target.sdd_res or target.rid_res or b"")
        if not arrivals.is_news(key):
            return None
        read = self._read(target, key)
        if read.outcome is not Outcome.LOST:
            arrivals.settled(key)
        self._told = read.uid
        return Arrived(read)

    def _read(self, target: Any, uid: bytes) -> TagRead:
        started = self._clock()
        deadline = started + DEADLINE_SECONDS
        kind, outcome, uri = "unknown", Outcome.LOST, None
        for fast in (True, False):  # the second try reads in the way every tag understands
            try:
                kind, outcome, uri = self._read_once(target, deadline, fast=fast)
                break
            except OutOfBudget:
                outcome = Outcome.UNREADABLE
                break
            except nfc.clf.CommunicationError:
                target = self._frontend.sense(nfc.clf.RemoteTarget("106A", sel_req=bytearray(uid)))
                if target is None:
                    outcome = Outcome.LOST
                    break
                outcome = Outcome.UNREADABLE
        name = "" if outcome is Outcome.FOREIGN else uid.hex().upper()
        return TagRead(name, kind, uri, outcome, milliseconds=(self._clock() - started) * 1000)

    def _read_once(self, target: Any, deadline: float, *, fast: bool) -> tuple[str, Outcome, str | None]:
        exchange = self._exchange_within(deadline)
        if not target.sel_res:  # a Type 1 tag: no selection, and no product tag of ours
            return "other", Outcome.NOT_NDEF, None
        sak = target.sel_res[0]
        if sak & 0x20:
            return ("Type 4", *type4.read(exchange))
        if sak & 0x18:
            return "other", Outcome.FOREIGN, None
        try:
            chip = type2.chip_of(exchange(b"\x60"))
        except nfc.clf.CommunicationError:
            chip = ""
        if chip and fast:
            return (chip, *type2.read_fast(exchange))
        if not chip and self._frontend.sense(nfc.clf.RemoteTarget("106A", sel_req=target.sdd_res)) is None:
            raise nfc.clf.TimeoutError
        return (chip or "Type 2", *type2.read_plain(exchange))

    def _exchange_within(self, deadline: float) -> Callable[[bytes], bytes]:
        frames = 0

        def exchange(frame: bytes) -> bytes:
            nonlocal frames
            frames += 1
            if frames > MOST_FRAMES or self._clock() > deadline:
                raise OutOfBudget
            answer = bytes(self._frontend.exchange(bytearray(frame), FRAME_SECONDS) or b"")
            if len(answer) == 1 and answer[0] != 0x0A and frame[0] in {0x30, 0x3A, 0x60}:
                msg = "the tag said no"
                raise nfc.clf.TransmissionError(msg)
            return answer

        return exchange


def words_for(error: Exception, path: str) -> str:
    """Return what is wrong with a reader and what to do."""
    number = getattr(error, "errno", None)
    if number == errno.ENODEV or isinstance(error, FileNotFoundError):
        return f"No reader answers at {path}. Is it plugged in? `shelftalker-reader list` shows what is found."
    if number == errno.EACCES:
        return f"The reader at {path} may not be used by this account: add it to the groups plugdev and dialout."
    if number == errno.EBUSY:
        return f"Another program uses the reader at {path}: stop it, or blacklist the kernel module pn533_usb."
    return f"The reader at {path} stopped answering ({type(error).__name__}); it is being opened anew."
