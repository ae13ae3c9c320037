"""A tap in a small shop, and in a chain of a thousand times its products and a longer past, in one run."""

from __future__ import annotations

import argparse
import gc
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

from benches.growing import ASSORTMENT, Size, grown, uid
from benches.pricing.chain import NOW
from server.access.rules import Device
from server.taps.taking import take_one
from server.taps.ways import InThread, finished
from tests.clock import FakeClock
from tests.shopfloor import open_app

SMALL = Size(variants=1_000, promotions=10, stores=2, kiosks=4, tags=1_000, events=20_000)
MOST_GROWTH = 1.3
ROUNDS = 20


def main(arguments: list[str]) -> int:
    """Print the processor time of a whole tap on SQLite; exit 1 where the median grew by over 30 %.

    The chain has a thousand times the products, promotions, tags and stores, fifty times the events. A tap comes
    with its kiosk known: looking up a kiosk's key is not in it.
    `new to the server`: tags nobody tapped since it started, so that meaning, card and what goes with it are read;
    `known`: the same tags again. Every tap is of a visit of its own and committed on its own.
    """
    parser = argparse.ArgumentParser(prog="deploy/bench growth")
    parser.add_argument("--json", action="store_true")
    for what, most in (("variants", 10**6), ("promotions", 10**4), ("stores", 2000), ("tags", 10**6)):
        parser.add_argument(f"--{what}", type=int, default=most)
    parser.add_argument("--events", type=int, default=10**6)
    chosen = parser.parse_args(arguments)
    large = Size(
        variants=chosen.variants,
        promotions=chosen.promotions,
        stores=chosen.stores,
        kiosks=chosen.stores * 10,
        tags=chosen.tags,
        events=chosen.events,
    )
    with tempfile.TemporaryDirectory(prefix="shelftalker-") as folder:
        paths = [Path(folder) / f"{name}.sqlite" for name in ("small", "large")]
        for path, size in zip(paths, (SMALL, large), strict=True):
            grown(path, size)
        figures = _figures(*(_tapper(path) for path in paths))
    if chosen.json:
        print(json.dumps(figures))
    else:
        for name, figure in figures.items():
            print(f"{name:20}" + "  ".join(f"{what} {value:,.2f}" for what, value in figure.items()))
    return 0 if all(figure["p50 of small"] <= MOST_GROWTH for figure in figures.values()) else 1


Tapper = Callable[[int], float]
"""Taps the tag of that number and returns the microseconds it took of this thread's processor time."""


def _tapper(path: Path) -> Tapper:
    desk = open_app(f"sqlite:///{path}", FakeClock(NOW)).extensions["tap_desk"]
    device, luck, numbers = Device("k0", "s0", "k0", "kiosk"), random.Random(3), iter(range(10**9))

    def tap(tag: int) -> float:
        told = {
            "tap_id": str(UUID(int=luck.getrandbits(128), version=4)),
            "visit_id": str(UUID(int=luck.getrandbits(128), version=4)),
            "occurred_at": NOW.isoformat(),
            "epoch": str(UUID(int=1, version=4)),
            "seq": next(numbers),
            "uid": uid(tag),
        }
        body = json.dumps(told).encode()
        began = time.thread_time()
        answer = finished(take_one(InThread(desk), device, body))
        took = time.thread_time() - began
        if json.loads(answer)["card"]["product_id"] != f"p{tag}":
            msg = f"Tag {tag} was answered with something else: the figure would be of that."
            raise SystemExit(msg)
        return took * 1e6

    return tap


def _figures(small: Tapper, large: Tapper) -> dict[str, dict[str, float]]:
    """Tap in turn, so that a machine that slows down slows both."""
    for one in (small, large):
        one(0)
    gc.collect()
    gc.disable()
    new = list(_in_turn(small, large, range(1, ASSORTMENT)))
    known = [pair for _ in range(ROUNDS) for pair in _in_turn(small, large, range(1, ASSORTMENT))]
    gc.enable()
    return {"new to the server": _figure(new), "known": _figure(known)}


def _in_turn(small: Tapper, large: Tapper, tags: range) -> Iterator[tuple[float, float]]:
    for tag in tags:
        yield small(tag), large(tag)


def _figure(pairs: list[tuple[float, float]]) -> dict[str, float]:
    ours, theirs = ([*statistics.quantiles(times, n=100)] for times in zip(*pairs, strict=True))
    told = {"small p50 µs": ours[49], "p99": ours[98], "large p50 µs": theirs[49], "large p99": theirs[98]}
    return told | {"p50 of small": theirs[49] / ours[49], "p99 of small": theirs[98] / ours[98]}
