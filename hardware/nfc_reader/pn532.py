"""A `Radio` on a PN532 (serial, or inside an ACR122U): fewer commands a frame, and it notices two tags."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import nfc.clf

from hardware.activation import cascaded
from hardware.nfc_reader.errors import plain_errors
from hardware.nfc_reader.radio import IDM_BYTES, TYPE_A, NfcRadio
from hardware.radio import Feedback, TagGarbled, TagsCollided, TagSilent

LIST, SELECT, LIST_SECONDS = 0x4A, 0x54, 0.2
TIMINGS = 0x02
"""Configuration item of RFConfiguration that holds how long to wait for a tag (UM0701-02, 7.3.1)."""
WAKE = 0x26
MOST_SLEPT = 2
"""Tags in a row that were not woken, though they lay there, after which the firmware is taken not to wake any."""
CRC, NO_CRC, NOT_TYPE_2 = 0x80, 0x00, 0x60
GREEN_AND_BEEP, RED = "FF00400E0401000101", "FF00400D0400000000"
"""Light and buzzer of an ACR122U (ACS API 2.04, 6.2): a beep of a tenth of a second; red until a good read."""


class Pn532Radio(NfcRadio):
    """Speaks to the chip through nfcpy's driver, with one command for a frame where nfcpy takes four.

    nfcpy sets bit rate, framing and time-out anew before each frame; at 106 kbit/s the first two stay as
    they are, and the third only changes with the time-out. A look lists two tags, so that two are noticed; that
    leaves the one found asleep, and it is woken once something is to be asked of it: by the chip, or where that
    chip's firmware does not, by listing it anew by name.
    """

    _listed: bytes | None = None
    _slept = 0
    _timing = 0

    def _sensed(self, uid: bytes | None) -> Any:
        self._listed = None
        if uid and len(uid) == IDM_BYTES:
            return super()._sensed(uid)
        self._device.mute()
        if uid:
            return self._selected(uid)
        found = self._list(2)
        if not found:
            self._expect_nothing()
            return self._felica_sensed(None) if self._felica else None
        if found[0] > 1:
            msg = "two tags at once"
            raise TagsCollided(msg)
        target = _target(found)
        self._listed = bytes(target.sdd_res)
        return target

    def _selected(self, uid: bytes) -> Any:
        found = self._list(1, b"" if _is_random(uid) else b"".join(cascaded(uid)))
        if not found:
            return None
        target = _target(found)
        self._frame_as(target)
        return target

    def _frame_as(self, target: Any) -> None:
        """Let frames have a CRC, but not check it in answers of a Type 2 tag: its ACK has none."""
        receive = CRC if target.sel_res[0] & NOT_TYPE_2 else NO_CRC
        self._device.chipset.write_register(("CIU_TxMode", CRC), ("CIU_RxMode", receive))

    def _list(self, most: int, uid: bytes = b"") -> Any:
        found = self._device.chipset.command(LIST, bytearray([most, 0]) + uid, LIST_SECONDS)
        return found if found and found[0] else None

    def _expect_nothing(self) -> None:
        if self._device.chipset.read_register("CIU_FIFOData") != WAKE:  # something answered the wake-up
            msg = "a tag answered that could not be selected"
            raise TagGarbled(msg)

    def _exchanged(self, frame: bytearray, timeout: float) -> Any:
        if not self._target.sel_res:
            self._timing = 0  # nfcpy sets its own
            return super()._exchanged(frame, timeout)
        uid, self._listed = self._listed, None
        return self._first_carried(frame, timeout, uid) if uid else self._carried(frame, timeout)

    def _first_carried(self, frame: bytearray, timeout: float, uid: bytes) -> Any:
        if self._slept < MOST_SLEPT:
            with suppress(nfc.clf.CommunicationError, nfc.clf.pn53x.Chipset.Error):
                answer = self._carried_once_awake(frame, timeout)
                self._slept = 0
                return answer
        self._select_anew(uid)
        answer = self._carried(frame, timeout)
        self._slept += 1
        return answer

    def _carried_once_awake(self, frame: bytearray, timeout: float) -> Any:
        if self._device.chipset.command(SELECT, b"\x01", LIST_SECONDS)[:1] != b"\x00":
            raise nfc.clf.TimeoutError
        self._frame_as(self._target)
        return self._carried(frame, timeout)

    def _select_anew(self, uid: bytes) -> None:
        self._target = self._sensed(uid)
        if self._target is None:
            self._expect_nothing()
            raise TagSilent

    def _carried(self, frame: bytearray, timeout: float) -> Any:
        self._wait_at_most(timeout)
        if self._target.sel_res[0] & NOT_TYPE_2:
            return self._device.chipset.in_communicate_thru(frame, timeout + 0.2)
        return self._device._tt2_send_cmd_recv_rsp(frame, timeout + 0.2)  # nfcpy checks the CRC itself there

    def _wait_at_most(self, timeout: float) -> None:
        timing = next(n for n in range(1, 17) if 100e-6 * 2 ** (n - 1) >= timeout or n == 16)
        if timing != self._timing:
            self._device.chipset.rf_configuration(TIMINGS, bytearray([10, 11, timing]))
            self._timing = timing

    def signal(self, feedback: Feedback) -> None:
        """Show green and beep, or red, on an ACR122U."""
        block = getattr(self._device.chipset, "ccid_xfr_block", None)
        if block:
            with suppress(Exception):  # a reader that cannot shine may still read; the next look tells
                block(bytearray.fromhex(GREEN_AND_BEEP if feedback is Feedback.READ else RED), timeout=0.2)

    def close(self) -> None:
        """Let the chip go at the speed it starts with, and awake: from sleep some do not wake."""
        chipset = self._device.chipset
        with suppress(Exception):
            chipset.send_ack()
            if chipset.transport.TYPE == "TTY":
                time.sleep(0.01)  # what nfcpy gives the chip to drop the command before
                chipset.set_serial_baudrate(115200)
        with suppress(Exception):
            chipset.close()
        serial = getattr(chipset.transport, "tty", None)
        if serial is not None:  # nfcpy flushes first, and leaves a port that was pulled open for ever
            with suppress(Exception), plain_errors(self._path):
                serial.close()


def _target(listed: Any) -> Any:
    return nfc.clf.RemoteTarget(
        TYPE_A, sens_res=listed[3:1:-1], sel_res=listed[4:5], sdd_res=listed[6 : 6 + listed[5]]
    )


def _is_random(uid: bytes) -> bool:
    """Return whether a UID is drawn anew whenever the field comes on, as phones do (ISO/IEC 14443-3, 6.5.4)."""
    return len(uid) == 4 and uid[0] == 0x08
