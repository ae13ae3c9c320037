"""Reading behind a PN532 whose wire and air take their time, against nfcpy's own path on the same chip."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nfc.clf
import nfc.tag

from hardware.nfc_reader import open_radio
from hardware.radio import Radio
from hardware.tag import Outcome
from hardware.tap import TapEngine
from hardware.virtual import VirtualPn532, VirtualTag, ntag213, ntag424, type4

UID, LINK = "04A1B2C3D4E580", "https://id.example/01/09506000134352?1234567"
TAGS: dict[str, Callable[[], VirtualTag]] = {
    "NTAG213": lambda: ntag213(UID, LINK),
    "Type 4": lambda: type4(UID, LINK),
    "NTAG 424": lambda: ntag424(UID, LINK),
}


RATES = (115200, 921600)


def measure(taps: int) -> dict[str, dict[str, float]]:
    """Return median milliseconds of both and ours as a share of nfcpy's, by rate and kind of tag."""
    return {name: figures for rate in RATES for name, figures in _at(rate, taps).items()}


def _at(rate: int, taps: int) -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory() as folder, VirtualPn532(Path(folder), modelled=True) as field:
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
            figures[f"{name} at {field.rate} baud"] = _compared(radio, theirs, taps)
        radio.close()
    return figures


def _compared(radio: Radio, theirs: Any, taps: int) -> dict[str, float]:
    known = TapEngine(time.perf_counter)
    ways: dict[str, Callable[[], object]] = {
        "nfcpy ms": lambda: _read_by_nfcpy(theirs),
        "ours ms": lambda: _read_by_us(radio, known),
        "at first sight ms": lambda: _read_by_us(radio, TapEngine(time.perf_counter)),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(taps):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            times[name].append((time.perf_counter() - started) * 1000)
    figures = {name: statistics.median(found) for name, found in times.items()}
    return figures | {"ours, of nfcpy's": figures["ours ms"] / figures["nfcpy ms"]}


def _read_by_nfcpy(frontend: Any) -> None:
    tag = nfc.tag.activate(frontend, frontend.sense(nfc.clf.RemoteTarget("106A")))
    if [record.iri for record in tag.ndef.records] != [LINK]:
        raise AssertionError(tag)


def _read_by_us(radio: Radio, engine: TapEngine) -> None:
    target = radio.sense()
    read = engine.read(radio, target) if target else None
    if read is None or (read.outcome, read.uri) != (Outcome.OK, LINK):
        raise AssertionError(read)
