"""A `Radio` on a PN532 (serial, or inside an ACR122U): fewer commands a frame, and it notices two tags."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import nfc.clf

from hardware.activation import cascaded
from hardware.nfc_reader.errors import plain_errors
from hardware.nfc_reader.radio import IDM_BYTES, TYPE_A, NfcRadio
from hardware.radio import Feedback, TagGarbled, TwoTags

LIST, LIST_SECONDS = 0x4A, 0.2
TIMINGS, RETRIES = 0x02, 0x05
"""Items of RFConfiguration: how long to wait for a tag, and how often to ask again (UM0701-02, 7.3.1)."""
ASK_ONCE = bytearray([1, 0, 0])
"""No second request in one look: the next look is one, and it would wake the tag just read again."""
WAKE = 0x26
FRESH_EVERY = 8
"""Looks at an empty field after which it goes off and on, for a tag that came in too slowly to start well."""
CRC, NO_CRC, NOT_TYPE_2 = 0x80, 0x00, 0x60
GREEN_AND_BEEP, RED = "FF00400E0401000101", "FF00400D0400000000"
"""Light and buzzer of an ACR122U (ACS API 2.04, 6.2): a beep of a tenth of a second; red until a good read."""


class Pn532Radio(NfcRadio):
    """Speaks to the chip through nfcpy's driver, with one command for a frame where nfcpy takes four.

    nfcpy sets bit rate, framing and time-out anew before each frame; at 106 kbit/s the first two stay as
    they are, and the third only changes with the time-out. A look lists one tag, which can be asked at once: where
    two lie there the firmware tells them apart, so that only `prove_alone` finds the second. A field that was
    empty stays on for the next look, and spares a tag that comes the time to start.
    """

    _timing = 0
    _empty = 0

    def __init__(self, device: Any, path: str, *, felica: bool = False) -> None:
        super().__init__(device, path, felica=felica)
        device.chipset.rf_configuration(RETRIES, ASK_ONCE)

    def prove_alone(self) -> None:
        """Ask who else is there: the tag just read keeps silent, for it takes the request as an error."""
        if self._target is None or not self._target.sel_res:
            return
        uid = bytes(self._target.sdd_res)
        self._target = None
        with plain_errors(self._path):
            other = self._listed()
        if other is not None and bytes(other.sdd_res) != uid and not _is_random(uid):
            msg = "two tags at once"
            raise TwoTags(msg)

    def _sensed(self, uid: bytes | None) -> Any:
        if uid and len(uid) == IDM_BYTES:
            self._empty = 0
            return super()._sensed(uid)
        if uid or self._empty % FRESH_EVERY == 0:
            self._device.mute()
        target = self._listed(b"" if uid is None or _is_random(uid) else b"".join(cascaded(uid)))
        if target is None and uid is None:
            self._expect_nothing()
            target = self._felica_sensed(None) if self._felica else None
        self._empty = 0 if target or uid else self._empty + 1
        if target and target.sel_res:
            self._frame_as(target)
        return target

    def _frame_as(self, target: Any) -> None:
        """Let frames have a CRC, but not check it in answers of a Type 2 tag: its ACK has none."""
        receive = CRC if target.sel_res[0] & NOT_TYPE_2 else NO_CRC
        self._device.chipset.write_register(("CIU_TxMode", CRC), ("CIU_RxMode", receive))

    def _listed(self, uid: bytes = b"") -> Any:
        found = self._device.chipset.command(LIST, bytearray([1, 0]) + uid, LIST_SECONDS)
        return _target(found) if found and found[0] else None

    def _expect_nothing(self) -> None:
        if self._device.chipset.read_register("CIU_FIFOData") != WAKE:  # something answered the wake-up
            self._empty = 0
            msg = "a tag answered that could not be selected"
            raise TagGarbled(msg)

    def _exchanged(self, frame: bytearray, timeout: float) -> Any:
        if not self._target.sel_res:
            self._timing = 0  # nfcpy sets its own
            return super()._exchanged(frame, timeout)
        return self._carried(frame, timeout)

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
