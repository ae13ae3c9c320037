"""Eight readers at once, each with tags of its own: nothing that one reads may be told by another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from benches.readers.listening import Ear, listening
from hardware.virtual import VirtualField, ntag213

READERS = 8


def measure(taps: int) -> dict[str, float]:
    """Return how many taps of `taps` at each reader were told, and how many by another or with other content."""
    with ExitStack() as stack, ThreadPoolExecutor(READERS) as pool:
        fields = [stack.enter_context(VirtualField()) for _ in range(READERS)]
        ears = [stack.enter_context(listening(field.reader)) for field in fields]
        work = [pool.submit(_taps, number, fields[number], ears[number], taps) for number in range(READERS)]
        crossed = sum(done.result() for done in work)
    return {"readers": READERS, "taps": READERS * taps, "cross-talk": crossed}


def _taps(reader: int, field: VirtualField, ear: Ear, taps: int) -> int:
    crossed = 0
    for number in range(taps):
        uid = f"04{reader:02X}{number:010X}"
        link = f"https://id.example/{reader}/{number}"
        field.lay(ntag213(uid, link))
        read = ear.arrival()
        crossed += (read.uid, read.uri) != (uid, link)
    return crossed
