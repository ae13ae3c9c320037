"""What suggestions add to a tap: the same visits to the real server with and without them, in turn, in one run.

While one is asked the other stands still, and they take turns in a fresh order each round, so that what else
the machine does meets both. Told are the middle of the rounds, and the middle of what each round adds: by the
clock, and in processor time of our processes a tap, with all that follows from a suggestion (tiles, reasons,
the event of what was shown, fresh visits joined).
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
from dataclasses import replace
from pathlib import Path

from benches.at_work import Server, at_work
from benches.load import Measured, measure, until_it_suggests
from benches.machines import furnish
from benches.spending import of_family
from benches.visiting import Load

THREADS = 32
GOAL = 1.0
"""Milliseconds that suggestions may add to the 99th percentile."""


def main(arguments: list[str]) -> int:
    """Print milliseconds without, with and added; exit 1 where the 99th percentile grows by more than one."""
    parser = argparse.ArgumentParser(prog="deploy/bench suggesting")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=2)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="shelftalker-") as folder:
        measured = _measured(Path(folder), chosen)
    rounds = {name: [_figure(one) for one in some] for name, some in measured.items()}
    pairs = zip(rounds["with"], rounds["without"], strict=True)
    rounds["added"] = [{what: one[what] - other[what] for what in one} for one, other in pairs]
    figures = {
        name: {what: statistics.median(one[what] for one in some) for what in some[0]}
        for name, some in rounds.items()
    }
    if chosen.json:
        print(json.dumps(figures))
    for name, figure in figures.items() if not chosen.json else ():
        print(f"{name:10}" + "  ".join(f"{what} {value:,.3f}" for what, value in figure.items()))
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


def _figure(measured: Measured) -> dict[str, float]:
    spent = measured.server * 1e6 / max(len(measured.times), 1)
    return {"p50 ms": measured.percentile(50), "p99 ms": measured.percentile(99), "server µs": spent}
