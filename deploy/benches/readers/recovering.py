"""How soon a serial reader is back: plugged in again, hung and then answering, left open by a program killed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from benches.readers.listening import Ear, listening, milliseconds
from hardware.nfc_reader import open_radio
from hardware.reader import Fault, Recovered
from hardware.virtual import VirtualPn532

LONGEST_HANG = 4.0
OPEN_AND_DIE = """
import os, signal, sys
from hardware.nfc_reader import open_radio
open_radio(sys.argv[1])
os.kill(os.getpid(), signal.SIGKILL)
"""


def measure(rounds: int) -> dict[str, dict[str, float]]:
    """Return the times; re-plugging happens `rounds` times, the others a tenth of that."""
    few = max(rounds // 10, 2)
    return {
        "plugged in to working": _replugged(rounds),
        **_hung(few),
        "killed, opened anew": _killed(few),
    }


@contextmanager
def _reader() -> Iterator[tuple[VirtualPn532, Ear]]:
    with (
        tempfile.TemporaryDirectory() as folder,
        VirtualPn532(Path(folder)) as chip,
        listening(chip.reader) as ear,
    ):
        _until_open(ear)
        yield chip, ear


def _until_open(ear: Ear) -> None:
    while not ear.supervisor.health.opens:
        time.sleep(0.01)


def _replugged(rounds: int) -> dict[str, float]:
    luck, times = Random(1), []
    with _reader() as (chip, ear):
        for _ in range(rounds):
            chip.unplug()
            ear.next(Fault)
            time.sleep(luck.random())
            chip.plug()
            at = time.perf_counter()
            times.append(ear.next(Recovered)[1] - at)
    return {"rounds": rounds, "back": len(times), **milliseconds(times)}


def _hung(rounds: int) -> dict[str, dict[str, float]]:
    luck, noticed, back = Random(2), [], []
    with _reader() as (chip, ear):
        for _ in range(rounds):
            at = time.perf_counter()
            chip.hang()
            noticed.append(ear.next(Fault)[1] - at)
            time.sleep(luck.random() * LONGEST_HANG)
            chip.recover()
            at = time.perf_counter()
            back.append(ear.next(Recovered)[1] - at)
    return {"hung to fault": milliseconds(noticed), "answering to working": milliseconds(back)}


def _killed(rounds: int) -> dict[str, float]:
    times = []
    with tempfile.TemporaryDirectory() as folder, VirtualPn532(Path(folder)) as chip:
        for _ in range(rounds):
            subprocess.run([sys.executable, "-c", OPEN_AND_DIE, chip.reader], check=False)
            at = time.perf_counter()
            open_radio(chip.reader).close()
            times.append(time.perf_counter() - at)
    return milliseconds(times)
