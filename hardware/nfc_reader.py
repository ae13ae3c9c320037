"""The door to nfcpy: every device it drives as a `Radio`. No exception of nfcpy leaves this file."""

from __future__ import annotations

import errno
import select
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol

import nfc.clf
import nfc.clf.device
import nfc.clf.udp

from hardware.activation import WAKE, activate
from hardware.radio import Feedback, RadioError, ReaderBroken, TagGarbled, TagSilent, Target

LONG_WAIT, SHORT_WAIT = 0.25, 0.05
"""Seconds the simulated radio waits: a busy machine answers late, and late must not look like never."""
MOST_SILENCES = 5
"""Looks in a row without any answer after which the simulated radio counts as gone."""


class FrameAnswerer(Protocol):
    """Whatever answers frames without a socket between: a field with virtual tags."""

    def answer(self, technology: str, frame: bytes) -> bytes | None:
        """Return the answer to a frame; None for silence, b'' for an answer that failed its check."""
        ...

    def off(self) -> None:
        """Switch the field off and on: every tag begins anew."""
        ...


class NfcRadio:
    """A `Radio` on one device of nfcpy."""

    def __init__(self, device: Any, path: str) -> None:
        self._device, self._path = device, path
        self._target: Any = None

    def sense(self, uid: bytes | None = None) -> Target | None:
        """Return the tag in the field, selected; None for clean silence."""
        wanted = nfc.clf.RemoteTarget("106A", sel_req=bytearray(uid) if uid else None)
        with plain_errors(self._path):
            self._device.mute()
            self._target = self._device.sense_tta(wanted)
        found = self._target
        if found is None:
            return None
        sak = found.sel_res[0] if found.sel_res else None
        return Target(bytes(found.sdd_res or found.rid_res or b""), sak, bytes(found.sens_res))

    def exchange(self, frame: bytes, timeout: float) -> bytes:
        """Send a frame to the selected tag and return its answer."""
        if self._target is None:
            msg = "no tag is selected"
            raise TagSilent(msg)
        with plain_errors(self._path):
            return bytes(self._device.send_cmd_recv_rsp(self._target, bytearray(frame), timeout) or b"")

    def signal(self, feedback: Feedback) -> None:
        """Nothing to show on most devices."""

    def close(self) -> None:
        """Let the device go."""
        with suppress(Exception):  # a broken device may not even close; a new one is made anyway
            self._device.close()


class SimulatedRadio(nfc.clf.udp.Device):  # type: ignore[misc]  # nfcpy ships no types
    """nfcpy's simulated radio, hardened: a late answer is never taken for the next command's.

    Everything still in the socket is thrown away before each command, every activation has a socket of its own,
    and no wait during a read is so short that a busy machine's answer comes after it.
    """

    _silences = 0

    def sense_tta(self, target: Any) -> Any:
        """Return the tag selected, or None where the radio says that nothing is there."""
        uid = bytes(target.sel_req) if target.sel_req else None
        try:
            found = self._look(uid)
        except TagSilent:
            self._silences += 1
            if self._silences >= MOST_SILENCES:
                raise OSError(errno.ENODEV, "nobody answers") from None
            raise
        self._silences = 0
        return found

    def _look(self, uid: bytes | None) -> Any:
        for wait in (SHORT_WAIT, LONG_WAIT):  # a tag taken away in the middle is seen at the second wake-up
            self.mute()
            self._create_socket()
            try:
                sens_res = self._carry(WAKE, wait)
            except TagSilent:
                continue
            except TagGarbled:  # the technology and nothing else: an empty field
                return None
            try:
                return _remote(activate(lambda frame, wait=wait: self._carry(frame, wait), sens_res, uid))  # type: ignore[misc]
            except TagSilent:
                if uid and wait == LONG_WAIT:  # another tag lies there
                    return None
        msg = "the radio kept silent"
        raise TagSilent(msg)

    def _carry(self, frame: bytes, wait: float) -> bytes:
        with plain_errors("udp"):
            self._send_data("106A", frame, self.addr)
            return bytes(self._recv_data(wait, "106A")[1])

    def send_cmd_recv_rsp(self, target: Any, data: bytearray, timeout: float) -> bytearray:  # noqa: ARG002 - nfcpy's signature
        """Carry a frame to the selected tag."""
        return bytearray(self._carry(bytes(data), max(timeout, LONG_WAIT)))

    def _recv_data(self, timeout: float | None, *brty_list: str) -> Any:
        try:
            return super()._recv_data(timeout, *brty_list)
        except ValueError as error:  # not hexadecimal
            raise nfc.clf.TransmissionError(str(error)) from error

    def _send_data(self, brty: str, data: bytes, addr: tuple[str, int]) -> None:
        while select.select([self.socket], [], [], 0)[0]:
            self.socket.recvfrom(1024)
        super()._send_data(brty, data, addr)


class InProcessDevice(nfc.clf.device.Device):  # type: ignore[misc]  # nfcpy ships no types
    """A device without hardware or socket: frames go to an object in this process."""

    def __init__(self, answerer: FrameAnswerer) -> None:
        self._answerer = answerer

    def mute(self) -> None:
        """Switch the field off, so that a tag selected before wakes up again."""
        self._answerer.off()

    def close(self) -> None:
        """Nothing to let go."""

    def sense_tta(self, target: Any) -> Any:
        """Return the tag selected, or None."""
        try:
            uid = bytes(target.sel_req) if target.sel_req else None
            return _remote(activate(self._carry, self._carry(WAKE), uid))
        except TagSilent:
            return None

    def send_cmd_recv_rsp(self, target: Any, data: bytearray, timeout: float) -> bytearray:  # noqa: ARG002 - nfcpy's signature
        """Carry a frame to the selected tag."""
        return bytearray(self._carry(bytes(data)))

    def _carry(self, frame: bytes) -> bytes:
        answer = self._answerer.answer("106A", frame)
        if answer is None:
            raise TagSilent
        if not answer:
            raise TagGarbled
        return answer


def open_radio(path: str) -> NfcRadio:
    """Open the device at nfcpy's `path`, or `udp:HOST:PORT` for the simulated radio; raises `ReaderBroken`."""
    with plain_errors(path):
        if path.startswith("udp:"):
            _, host, port = path.split(":")
            return NfcRadio(SimulatedRadio(host, int(port)), path)
        device = nfc.clf.device.connect(path)
        if device is None:
            raise OSError(errno.ENODEV, "no reader found")
        return NfcRadio(device, path)


def radio_in_process(answerer: FrameAnswerer) -> NfcRadio:
    """Return nfcpy on an object that answers frames."""
    return NfcRadio(InProcessDevice(answerer), "in process")


def _remote(target: Target) -> Any:
    if target.sak is None:
        return nfc.clf.RemoteTarget("106A", sens_res=bytearray(target.atqa), rid_res=bytearray(6))
    return nfc.clf.RemoteTarget(
        "106A",
        sens_res=bytearray(target.atqa),
        sel_res=bytearray([target.sak]),
        sdd_res=bytearray(target.uid),
    )


@contextmanager
def plain_errors(path: str) -> Iterator[None]:
    """Turn whatever nfcpy, its drivers and the system raise into a `RadioError`."""
    try:
        yield
    except RadioError:
        raise
    except nfc.clf.TimeoutError as error:
        raise TagSilent(str(error)) from error
    except (nfc.clf.CommunicationError, UnicodeDecodeError) as error:
        raise TagGarbled(str(error)) from error
    except Exception as error:
        raise ReaderBroken(words_for(error, path)) from error


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
