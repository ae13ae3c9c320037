"""From a tag placed in the field to the event, and from its taking away to the event, on the simulated radio."""

from __future__ import annotations

import time
from random import Random

from benches.readers.listening import Ear, listening, milliseconds
from hardware.reader import Arrived, Removed
from hardware.virtual import VirtualField, ntag213
from hardware.virtual.ntag21x import Ntag21x

POLL_SECONDS = 0.05
LINK = "https://id.example/01/09506000134352"


class FirstHeard(VirtualField):
    """A field that notes when the tag in it was first asked for anything."""

    heard_at = 0.0

    def answer(self, technology: str, frame: bytes) -> bytes | None:
        """Answer as any field; the clock starts before a tag answers its first frame."""
        if self.lying is not None and not self.heard_at:
            self.heard_at = time.perf_counter()
        return super().answer(technology, frame)

    def place(self, tag: Ntag21x) -> float:
        """Lay the tag and return when."""
        self.heard_at = 0.0
        at = time.perf_counter()
        self.lay(tag)
        return at


def measure(taps: int) -> dict[str, dict[str, float]]:
    """Return times of `taps` taps at a poll of 50 ms; the software part begins at the tag's first answer."""
    luck, seen, software, gone = Random(1), [], [], []
    with FirstHeard() as field, listening(field.reader, POLL_SECONDS) as ear:
        for number in range(taps):
            time.sleep(luck.random() * POLL_SECONDS)
            placed = field.place(ntag213(f"04A1B2{number:08X}", LINK))
            _, at = ear.next(Arrived)
            seen.append(at - placed)
            software.append(at - field.heard_at)
            gone.append(_taken(field, ear))
    return {
        "placed to event": milliseconds(seen),
        "of it software": milliseconds(software),
        "taken to event": milliseconds(gone),
    }


def _taken(field: VirtualField, ear: Ear) -> float:
    at = time.perf_counter()
    field.take()
    return ear.next(Removed)[1] - at
