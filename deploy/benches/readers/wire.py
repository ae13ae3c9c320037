"""Reading behind a PN532 whose wire and air take their time, against nfcpy's own path on the same chip."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import nfc.clf
import nfc.tag

from hardware.nfc_reader import open_radio
from hardware.radio import Radio, RadioError
from hardware.tag import Outcome
from hardware.tap import TapEngine
from hardware.virtual import VirtualPn532, VirtualTag, ntag213, ntag424, type4

UID, LINK = "04A1B2C3D4E580", "https://id.example/01/09506000134352?1234567"
TAGS: dict[str, Callable[[], VirtualTag]] = {
    "NTAG213": lambda: ntag213(UID, LINK),
    "Type 4": lambda: type4(UID, LINK),
    "NTAG 424": lambda: ntag424(UID, LINK),
    "NTAG 424 that signs": lambda: ntag424(UID, f"{LINK}&picc_data={{picc}}&cmac={{mac}}", luck=bytes),
}


RATES = (115200, 921600)
MOST_TRIES = 5


def measure(taps: int) -> dict[str, dict[str, float]]:
    """Return median milliseconds of both and ours as a share of nfcpy's, by rate and kind of tag."""
    return {name: figures for rate in RATES for name, figures in _patiently(rate, taps).items()}


def _patiently(rate: int, taps: int) -> dict[str, dict[str, float]]:
    for _ in range(MOST_TRIES - 1):
        with suppress(OSError, RadioError):  # nfcpy gives an answer a tenth of a second: a busy machine needs more
            return _at(rate, taps)
    return _at(rate, taps)


class Slept:
    """Sleeps, and adds up what the wire and the air took."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, seconds: float) -> None:
        """Sleep."""
        self.seconds += seconds
        time.sleep(seconds)


def _at(rate: int, taps: int) -> dict[str, dict[str, float]]:
    slept = Slept()
    with tempfile.TemporaryDirectory() as folder, VirtualPn532(Path(folder), modelled=True, wait=slept) as field:
        radio = open_radio(field.reader)
        chipset = radio._device.chipset
        if rate != field.rate:  # nfcpy has raised it already
            chipset.set_serial_baudrate(rate)
            chipset.transport.open(chipset.transport.port, rate)
        theirs = nfc.clf.ContactlessFrontend()
        theirs.device = radio._device  # both drive the very same chip in turns
        figures = {}
        for name, make in TAGS.items():
            field.lay(make())
            figures[f"{name} at {field.rate} baud"] = _compared(radio, theirs, taps, slept)
        radio.close()
    return figures


def _compared(radio: Radio, theirs: Any, taps: int, slept: Slept) -> dict[str, float]:
    known = TapEngine(time.perf_counter)
    ways: dict[str, Callable[[], object]] = {
        "nfcpy": lambda: _read_by_nfcpy(theirs),
        "ours": lambda: _read_by_us(radio, known),
        "ours at first sight": lambda: _read_by_us(radio, TapEngine(time.perf_counter)),
    }
    whole: dict[str, list[float]] = {name: [] for name in ways}
    wire: dict[str, float] = {}
    for _ in range(taps):
        for name, way in ways.items():
            started, slept.seconds = time.perf_counter(), 0.0
            way()
            whole[name].append((time.perf_counter() - started) * 1000)
            wire[f"{name}, wire and air alone ms"] = slept.seconds * 1000
    medians = {f"{name} ms": statistics.median(times) for name, times in whole.items()}
    return medians | wire | {"ours, of nfcpy's": medians["ours ms"] / medians["nfcpy ms"]}


def _read_by_nfcpy(frontend: Any) -> None:
    tag = nfc.tag.activate(frontend, frontend.sense(nfc.clf.RemoteTarget("106A")))
    if not tag.ndef.records[0].iri.startswith(LINK):
        raise AssertionError(tag)


def _read_by_us(radio: Radio, engine: TapEngine) -> None:
    target = radio.sense()
    read = engine.read(radio, target) if target else None
    radio.prove_alone()  # before that nothing is told
    if read is None or read.outcome is not Outcome.OK or not (read.uri or "").startswith(LINK):
        raise AssertionError(read)
