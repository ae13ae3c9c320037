"""A `Radio` on any device of nfcpy."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import nfc.clf

from hardware.nfc_reader.errors import plain_errors
from hardware.radio import Feedback, TagSilent, Target

TYPE_A, TYPE_F = "106A", "212F"
IDM_BYTES = 8


class NfcRadio:
    """A `Radio` on one device of nfcpy; `felica` looks for Type 3 tags too."""

    def __init__(self, device: Any, path: str, *, felica: bool = False) -> None:
        self._device, self._path, self._felica = device, path, felica
        self._target: Any = None

    def sense(self, uid: bytes | None = None) -> Target | None:
        """Return the tag in the field, selected; None for clean silence."""
        with plain_errors(self._path):
            self._target = self._sensed(uid)
        return plain_target(self._target)

    def prove_alone(self) -> None:
        """Do nothing: where frames are only carried, two tags garble each other's selection."""

    def exchange(self, frame: bytes, timeout: float) -> bytes:
        """Send a frame to the selected tag and return its answer."""
        if self._target is None:
            raise TagSilent("no tag is selected")
        with plain_errors(self._path):
            return bytes(self._exchanged(bytearray(frame), timeout) or b"")

    def signal(self, feedback: Feedback) -> None:
        """Show nothing: most devices have no light of their own."""

    def close(self) -> None:
        """Let the device go."""
        with suppress(Exception):  # a broken device may not even close; a new one is made anyway
            self._device.close()

    def _sensed(self, uid: bytes | None) -> Any:
        self._device.mute()
        if uid and len(uid) == IDM_BYTES:  # no Type A tag has a UID of this length
            return self._felica_sensed(uid)
        found = self._device.sense_tta(nfc.clf.RemoteTarget(TYPE_A, sel_req=bytearray(uid) if uid else None))
        return found or (self._felica_sensed(uid) if self._felica else None)

    def _felica_sensed(self, idm: bytes | None) -> Any:
        found = self._device.sense_ttf(nfc.clf.RemoteTarget(TYPE_F))
        return None if found and idm and bytes(found.sensf_res[1:9]) != idm else found

    def _exchanged(self, frame: bytearray, timeout: float) -> Any:
        return self._device.send_cmd_recv_rsp(self._target, frame, timeout)


def plain_target(found: Any) -> Target | None:
    """Return nfcpy's target as ours."""
    if found is None:
        return None
    if found.sensf_res:
        return Target(bytes(found.sensf_res[1:9]), None, b"", TYPE_F)
    sak = found.sel_res[0] if found.sel_res else None
    return Target(bytes(found.sdd_res or found.rid_res or b""), sak, bytes(found.sens_res))


def nfcpy_target(target: Target) -> Any:
    """Return our Type A target as nfcpy's."""
    found = nfc.clf.RemoteTarget(TYPE_A, sens_res=bytearray(target.atqa))
    if target.sak is None:
        found.rid_res = bytearray(6)
    else:
        found.sel_res, found.sdd_res = bytearray([target.sak]), bytearray(target.uid)
    return found
