"""Taps on the simulated radio while other processes keep the machine busy: late answers must not be mixed up."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from contextlib import ExitStack

from benches.readers.listening import listening
from hardware.tag import Outcome, TagRead
from hardware.virtual import VirtualField, ntag213

BUSY = "while True: sum(range(10_000))"


def sweep(taps: int, processes: int = 16) -> dict[str, float]:
    """Tap so often beside so many busy processes; return how many reads had wrong content, and all outcomes."""
    found: Counter[str] = Counter()
    with ExitStack() as stack:
        for _ in range(processes):
            child = subprocess.Popen([sys.executable, "-c", BUSY])
            stack.callback(child.wait)
            stack.callback(child.kill)
        field = stack.enter_context(VirtualField())
        ear = stack.enter_context(listening(field.reader, 0.0))
        for number in range(taps):
            uid, link = f"04{number:012X}", f"https://id.example/21/{number:012}"
            field.lay(ntag213(uid, link))
            while (told := _told(ear.arrival(), uid, link)) != "this tag":
                found[told] += 1
        faults = ear.supervisor.health.faults
    return {"taps": taps, "busy": processes, "wrong": found.pop("wrong", 0), "faults": faults, **found}


def _told(read: TagRead, uid: str, link: str) -> str:
    """Return what a read comes to; what is not about this tag comes before the one that is."""
    number = int(read.uid[2:], 16) if read.uid else -1
    if read.outcome is Outcome.OK and read.uri != f"https://id.example/21/{number:012}":
        return "wrong"
    return "this tag" if (read.uid, read.uri) == (uid, link) else str(read.outcome)
