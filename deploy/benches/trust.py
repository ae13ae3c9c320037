"""What a tag says, and whether to believe it: microseconds of reading, building, checking and watching."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from sqlalchemy.orm import Session

from server.tags.alarms.rules import Noticed
from server.tags.alarms.watch import TagWatch
from server.tags.gs1 import build, parse
from server.tags.sun import SunKeys, diversified, is_original, maker_of, read_message, verify
from server.wire import Tap

PLAIN = "https://id.gs1.org/01/09506000134352"
FULL = f"{PLAIN}/10/AB%2F1/21/12345?3103=000195&3922=0299&17=261231"
SIGNED = "https://ntag.nxp.com/424?picc_data=EF963FF7828658A599F3041510671E88&cmac=94EED9EE65337086"
ORIGINAL = ("04E10CDA993C80", "8B76052EE42F5567BEB53238B3E3F9950707C0DCC956B5C5EFCFDB709B2D82B3")
ROUNDS, TIMES = 7, 300


def main(arguments: list[str]) -> int:
    """Print the figures: each the median of rounds in which all take turns, so that load meets them alike."""
    parser = argparse.ArgumentParser(prog="deploy/bench trust")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    rounds: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name, work in _works().items():
            rounds.setdefault(name, []).append(_microseconds(work))
    figures = {name: statistics.median(found) for name, found in rounds.items()}
    figures["read, of biip's time"] = figures["read a plain address"] / figures["biip reads it"]
    if chosen.json:
        print(json.dumps(figures))
    else:
        for name, figure in figures.items():
            print(f"{name:28}{figure:10.2f}")
    return 0


def _microseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    for _ in range(TIMES):
        work()
    return (time.perf_counter() - started) / TIMES * 1e6


def _works() -> dict[str, Callable[[], object]]:
    keys = SunKeys(bytes(16), lambda _uid: bytes(16))
    message = read_message(SIGNED)
    maker = maker_of("NTAG213") or b""
    elements = parse(FULL).elements
    uid, signature = (bytes.fromhex(text) for text in ORIGINAL)
    watch, tap = TagWatch(_no_database, b"", pause_seconds=3600), _tap()
    return {
        "read a plain address": lambda: parse(PLAIN),
        "read a full address": lambda: parse(FULL),
        "biip reads it": lambda: GS1DigitalLinkURI.parse(PLAIN),
        "build a full address": lambda: build(elements),
        "check a message (AES)": lambda: message and verify(message, keys),
        "derive a tag's key": lambda: diversified(maker[:16], uid),
        "check a maker's signature": lambda: is_original(uid, signature, maker),
        "note a tap for the watch": lambda: watch.notice([_noticed(tap)]),
    }


def _no_database() -> Session:
    msg = "the watch must not look while it is measured"
    raise AssertionError(msg)


def _noticed(tap: Tap) -> Noticed:
    return Noticed(tap, tap.uid or "", "MAD", "kiosk", tap.occurred_at, bound=True, product_id="boot")


def _tap() -> Tap:
    number = UUID(int=1, version=4)
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    return Tap(
        tap_id=number, visit_id=number, occurred_at=moment, epoch=number, seq=1, uid="04A1B2C3D4E501", uri=PLAIN
    )
