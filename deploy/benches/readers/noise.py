"""A tag that rests while a fifth of all answers fails its check: it must not be told as gone."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from hardware.nfc_reader import open_radio, radio_in_process
from hardware.polling_reader import PollingReader
from hardware.radio import Feedback, Radio, Target
from hardware.reader import Arrived, ReaderEvent, Removed
from hardware.tag import Outcome
from hardware.virtual import Field, VirtualPn532, fault_script, ntag213

UID = "04A1B2C3D4E580"
POLL_SECONDS = 0.02


class Counted:
    """A radio that counts its looks, in a list shared with those opened after it."""

    def __init__(self, radio: Radio, looks: list[int], most: int, end: Callable[[], None]) -> None:
        self._radio, self._looks, self._most, self._end = radio, looks, most, end
        self.exchange, self.prove_alone, self.close = radio.exchange, radio.prove_alone, radio.close

    def sense(self, uid: bytes | None = None) -> Target | None:
        """Look, and end the reading with the last look."""
        self._looks[0] += 1
        if self._looks[0] >= self._most:
            self._end()
        return self._radio.sense(uid)

    def signal(self, feedback: Feedback) -> None:
        """Show nothing."""


def sweep(polls: int, script: str = "noise 0.2") -> dict[str, float]:
    """Poll so often in process and so often behind a PN532; return what was told as come, and falsely as gone."""
    with tempfile.TemporaryDirectory() as folder, VirtualPn532(Path(folder)) as chip:
        behind = _told(chip, lambda: open_radio(chip.reader), polls, script)
    field = Field()
    inside = _told(field, lambda: radio_in_process(field), polls, script)
    return {
        "polls": polls,
        "read in process": inside[Arrived],
        "read behind a PN532": behind[Arrived],
        "false removals in process": inside[Removed],
        "false removals behind a PN532": behind[Removed],
    }


def _told(field: Field, opened: Callable[[], Radio], polls: int, script: str) -> Counter[type]:
    """Time stands still but for the pause between two polls, so that the backstop works as in a shop."""
    now, looks = [0.0], [0]
    reader = PollingReader(
        lambda: Counted(opened(), looks, polls, reader.close),
        clock=lambda: now[0],
        wait=lambda seconds: _advance(now, seconds),
        poll_seconds=POLL_SECONDS,
    )
    field.lay(ntag213(UID, "https://id.example/"), faults=fault_script(script, Random(1)))
    return Counter(type(event) for event in reader if not _is_lost(event))


def _is_lost(event: ReaderEvent) -> bool:
    return isinstance(event, Arrived) and event.read.outcome is Outcome.LOST


def _advance(now: list[float], seconds: float) -> None:
    now[0] += seconds
    time.sleep(0)
