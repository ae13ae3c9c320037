"""What suggestions add to a tap: the same visits to the real server with and without them, in turn, in one run.

While one is asked the other stands still, and they take many short turns in a fresh order each round, so that what
else the machine does meets both: a disk that is slow for some seconds moves a 99th percentile by more than
suggestions do. Told are the percentiles over all taps of each, and how far what is added may be off (bootstrap
over rounds); by the clock, and in processor time of our processes a tap, with all that follows from a suggestion
(tiles, reasons, the event of what was shown, fresh visits joined). Fresh visits are joined every fifteen seconds,
and the clock goes on while a server stands still: in turns of a second that meets some four times as many taps as
in a shop that is always as busy.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benches.at_work import Server, at_work
from benches.load import Measured, measure, until_it_suggests
from benches.machines import furnish
from benches.spending import of_family
from benches.visiting import Load

THREADS = 32
GOAL = 1.0
"""Milliseconds that suggestions may add to the 99th percentile."""

PERCENTILES = (50, 90, 99)
DRAWN = 400
"""Times the rounds are drawn anew for the error."""

Rounds = Sequence[Measured]


def main(arguments: list[str]) -> int:
    """Print milliseconds without, with and added; exit 1 where the 99th percentile grows by more than one."""
    parser = argparse.ArgumentParser(prog="deploy/bench suggesting")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--connections", type=int, default=2)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="shelftalker-") as folder:
        measured = _measured(Path(folder), chosen)
    figures = {name: _figure(rounds) for name, rounds in measured.items()}
    figures["added"] = _added(measured["with"], measured["without"])
    figures["may be off by"] = _error(measured["with"], measured["without"])
    if chosen.json:
        print(json.dumps(figures))
    for name, figure in figures.items() if not chosen.json else ():
        print(f"{name:14}" + "  ".join(f"{what} {value:,.2f}" for what, value in figure.items()))
    return 0 if figures["added"]["p99 ms"] <= GOAL else 1


def _measured(folder: Path, chosen: argparse.Namespace) -> dict[str, list[Measured]]:
    ways: dict[str, tuple[Load, dict[str, str]]] = {}
    for name in ("without", "with"):
        own = folder / name
        own.mkdir()
        url = f"sqlite:///{own / 'shop.sqlite'}"
        load = Load(furnish(url, own / "media"), chosen.connections, chosen.seconds)
        settings = {"DATABASE_URL": url, "MEDIA_DIR": str(own / "media"), "SECURE_COOKIES": "0"}
        ways[name] = load, settings
    with (
        at_work("benches.silent:application", threads=THREADS, **ways["without"][1]) as without,
        at_work("server.process:application", threads=THREADS, **ways["with"][1]) as real,
    ):
        servers = {"without": without, "with": real}
        until_it_suggests(real.address, ways["with"][0])
        found: dict[str, list[Measured]] = {name: [] for name in servers}
        for turn in range(chosen.rounds + 1):
            for name in random.Random(turn).sample(list(servers), 2):
                other = servers["with" if name == "without" else "without"]
                with other.stands_still():
                    one = _asked(servers[name], replace(ways[name][0], seed=1000 * (turn + 1)))
                if turn:  # the first round warms both
                    found[name].append(one)
    return found


def _asked(server: Server, load: Load) -> Measured:
    before = of_family(server.leader)
    measured = measure(server.address, load)
    measured.server = of_family(server.leader) - before
    return measured


def _figure(rounds: Rounds) -> dict[str, float]:
    taps = np.concatenate([one.times for one in rounds])
    percentiles: NDArray[np.float64] = np.percentile(taps, PERCENTILES) * 1000
    spent = sum(one.server for one in rounds) * 1e6 / len(taps)
    told = zip(PERCENTILES, percentiles.tolist(), strict=True)
    return {f"p{percent} ms": value for percent, value in told} | {"server µs": spent}


def _added(one: Rounds, other: Rounds) -> dict[str, float]:
    without = _figure(other)
    return {what: value - without[what] for what, value in _figure(one).items()}


def _error(one: Rounds, other: Rounds) -> dict[str, float]:
    """Return the standard error of what is added."""
    luck, drawn = random.Random(0), []
    for _ in range(DRAWN):
        again = luck.choices(range(len(one)), k=len(one))
        drawn.append(_added([one[n] for n in again], [other[n] for n in again]))
    return {what: float(np.std([each[what] for each in drawn])) for what in drawn[0]}
