"""A card in a chain of a million variants and 10,000 promotions, beside one in a small chain, in one run."""

from __future__ import annotations

import argparse
import gc
import json
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from benches.pricing import torn
from benches.pricing.chain import NOW, chain
from server.access.models import Store
from server.access.queries import store_row
from server.db import revision_of
from server.promotions.cards import product_cards
from server.promotions.counter import Counter
from server.promotions.rules.decision import decide
from server.promotions.rules.inputs import Inputs
from server.promotions.rules.versions import Made
from server.taps.memory import Counter as Shelf
from server.taps.memory import Memory
from server.taps.reading import Reading, told
from server.taps.rules import Meaning

ROUNDS, BATCH = 40, 50


def main(arguments: list[str]) -> int:
    """Print p50 and p99, in processor time, of deciding a price and of making a whole card from the database.

    With `--sweep torn`: exit 1 where an answer mixed two states of the shop, or was older than what was committed.
    """
    parser = argparse.ArgumentParser(prog="deploy/bench prices")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--variants", type=int, default=1_000_000)
    parser.add_argument("--promotions", type=int, default=10_000)
    parser.add_argument("--stores", type=int, default=2_000)
    parser.add_argument("--sweep", choices=["torn"], help="taps while prices change, on SQLite and PostgreSQL")
    parser.add_argument("--count", type=int, default=100_000, help="taps of the sweep, on each engine")
    chosen = parser.parse_args(arguments)
    if chosen.sweep:
        found = torn.both(chosen.count)
        print(json.dumps(found) if chosen.json else "\n".join(f"{name:10}{said}" for name, said in found.items()))
        return 1 if any(one["torn"] or one["stale"] for one in found.values()) else 0
    with tempfile.TemporaryDirectory(prefix="shelftalker-") as folder:
        small = chain(Path(folder) / "small.sqlite", variants=1_000, promotions=10, stores=chosen.stores)
        large = chain(
            Path(folder) / "large.sqlite",
            variants=chosen.variants,
            promotions=chosen.promotions,
            stores=chosen.stores,
        )
        figures = _measure(small, large)
    if chosen.json:
        print(json.dumps(figures))
    else:
        for name, figure in figures.items():
            print(f"{name:32}" + "  ".join(f"{what} {value:,.3f}" for what, value in figure.items()))
    return 0


def _measure(small: Session, large: Session) -> dict[str, dict[str, float]]:
    """Measure in turn, so that a machine that slows down slows both."""
    tasks = {
        "price, held in memory": [_decider(session) for session in (small, large)],
        "whole card, read from SQLite": [_carder(session) for session in (small, large)],
        "whole card, held for taps": [_holder(session) for session in (small, large)],
    }
    figures: dict[str, dict[str, float]] = {}
    for name, pair in tasks.items():
        times: list[list[float]] = [[], []]
        for one in pair:
            one()
        gc.collect()
        gc.disable()
        for _ in range(ROUNDS):
            for which, one in enumerate(pair):
                times[which] += _timed(one, BATCH)
        gc.enable()
        ours, theirs = (sorted(found) for found in times)
        figures[f"{name}: small"] = _figure(ours)
        figures[f"{name}: large"] = _figure(theirs) | {
            "p50 of small": _at(theirs, 0.5) / _at(ours, 0.5),
            "p99 of small": _at(theirs, 0.99) / _at(ours, 0.99),
        }
    return figures


def _timed(task: Callable[[], object], times: int) -> list[float]:
    found = []
    for _ in range(times):
        start = time.thread_time()
        task()
        found.append((time.thread_time() - start) * 1000)
    return found


def _decider(session: Session) -> Callable[[], object]:
    """Return what finds the promotions of a variant among all, decides its price anew and names its versions."""
    store = session.get_one(Store, "s0")
    counter = Counter.open(session, store, ["p0"], now=NOW)
    product = counter.goods.products["p0"]
    variant = counter.goods.variants["p0"][0]

    def once() -> object:
        inputs: Inputs = counter.inputs(product, variant.gtin)
        return decide(inputs, NOW), Made.of(inputs).versions

    return once


def _carder(session: Session) -> Callable[[], object]:
    """Return what makes the whole card with its four variants, all of it read anew from the database."""

    def once() -> object:
        return product_cards(session, store_row(session, "s0"), [("p0", None)], now=NOW)

    return once


def _holder(session: Session) -> Callable[[], object]:
    """Return what a tap costs whose card was made before: the bytes, looked up and found true."""
    memory = Memory(session.get_bind().engine, lambda: NOW, ())
    counter, meaning = Shelf(revision_of(session, "s0"), NOW + timedelta(days=1)), Meaning("product:p0", "p0")
    return lambda: told(Reading(memory, "s0", counter), lambda reading: reading.card(meaning))


def _figure(found: list[float]) -> dict[str, float]:
    return {"p50 ms": _at(found, 0.5), "p99 ms": _at(found, 0.99)}


def _at(found: list[float], share: float) -> float:
    return found[int(len(found) * share)]
