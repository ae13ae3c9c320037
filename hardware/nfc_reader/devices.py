"""Devices of nfcpy without hardware: its simulated radio, hardened, and one inside this process."""

from __future__ import annotations

import errno
import select
from typing import Any, Protocol

import nfc.clf
import nfc.clf.device
import nfc.clf.udp

from hardware.activation import WAKE, activate
from hardware.nfc_reader.errors import plain_errors
from hardware.nfc_reader.radio import TYPE_A, TYPE_F, nfcpy_target
from hardware.radio import TagGarbled, TagSilent

LONG_WAIT, SHORT_WAIT = 0.25, 0.05
"""Seconds the simulated radio waits: a busy machine answers late, and late must not look like never."""
MOST_SILENCES = 5
"""Looks in a row without any answer after which the simulated radio counts as gone."""
POLL_TYPE_F = bytes.fromhex("0600ffff0100")


class FrameAnswerer(Protocol):
    """Whatever answers frames without a socket between: a field with virtual tags."""

    def answer(self, technology: str, frame: bytes) -> bytes | None:
        """Return the answer to a frame; None for silence, b'' for an answer that failed its check."""
        ...

    def off(self) -> None:
        """Switch the field off and on."""
        ...


class SimulatedRadio(nfc.clf.udp.Device):  # type: ignore[misc]  # nfcpy ships no types
    """nfcpy's simulated radio, hardened: a late answer is never taken for the next command's.

    Everything still in the socket is thrown away before each command, every activation has a socket of its own,
    and no wait during a read is so short that a busy machine's answer comes after it.
    """

    _silences = 0

    def sense_tta(self, target: Any) -> Any:
        """Return the tag selected, or None where the radio says that nothing is there."""
        try:
            found = self._look(bytes(target.sel_req) if target.sel_req else None)
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
                return nfcpy_target(activate(self._carrier(wait), sens_res, uid))
            except TagSilent:
                if uid and wait == LONG_WAIT:  # another tag lies there
                    return None
        msg = "the radio kept silent"
        raise TagSilent(msg)

    def _carrier(self, wait: float) -> Any:
        return lambda frame: self._carry(frame, wait)

    def _carry(self, frame: bytes, wait: float, technology: str = TYPE_A) -> bytes:
        with plain_errors("udp"):
            self._send_data(technology, frame, self.addr)
            return bytes(self._recv_data(wait, technology)[1])

    def send_cmd_recv_rsp(self, target: Any, data: bytearray, timeout: float) -> bytearray:
        """Carry a frame to the selected tag."""
        return bytearray(self._carry(bytes(data), max(timeout, LONG_WAIT), target.brty))

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
        """Switch the field off: every tag begins anew."""
        self._answerer.off()

    def close(self) -> None:
        """Let nothing go."""

    def sense_tta(self, target: Any) -> Any:
        """Return the tag selected, or None."""
        try:
            sens_res, uid = self._carry(WAKE), bytes(target.sel_req) if target.sel_req else None
            return nfcpy_target(activate(self._carry, sens_res, uid))
        except TagSilent:
            return None

    def sense_ttf(self, target: Any) -> Any:
        """Return the Type 3 tag found, or None."""
        try:
            answer = self._carry(POLL_TYPE_F, target.brty)
        except TagSilent:
            return None
        if len(answer) < 18 or answer[0] != len(answer) or answer[1] != 1:
            raise TagGarbled
        return nfc.clf.RemoteTarget(TYPE_F, sensf_res=bytearray(answer[1:]))

    def send_cmd_recv_rsp(self, target: Any, data: bytearray, timeout: float) -> bytearray:  # noqa: ARG002 - nfcpy's signature
        """Carry a frame to the selected tag."""
        return bytearray(self._carry(bytes(data), target.brty))

    def _carry(self, frame: bytes, technology: str = TYPE_A) -> bytes:
        answer = self._answerer.answer(technology, frame)
        if answer is None:
            raise TagSilent
        if not answer:
            raise TagGarbled
        return answer
