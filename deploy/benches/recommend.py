"""Suggesting: accuracy and processor time a call, with and without a stock mask; fitting a million sessions."""

from __future__ import annotations

import argparse
import json
import resource
import time
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from recommender.blend import Blend
from recommender.evaluation import evaluate, positions_of
from recommender.sessions import Sessions
from recommender.tap_files import read_sessions

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "sessions"
IN_STOCK = 0.05
CALLS = 2_000
JOINING = 1_000
"""Fresh visits that join a fitted model at once."""


def main(arguments: list[str]) -> int:
    """Print the figures of each data set named; `big` makes a million sessions over 100,000 items."""
    parser = argparse.ArgumentParser(prog="deploy/bench recommend")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--data", type=Path, default=DATA, help="folders with train.parquet and test.parquet")
    parser.add_argument("--sessions", type=int, default=1_000_000, help="of the made-up shop")
    parser.add_argument("--items", type=int, default=100_000, help="of the made-up shop")
    parser.add_argument("--only", nargs="*", default=None, help="names of data sets, `big`, `strange`")
    asked = parser.parse_args(arguments)
    names = asked.only or [*sorted(p.parent.name for p in asked.data.glob("*/train.parquet")), "big", "strange"]
    with threadpool_limits(1):
        figures = {name: _measured(name, asked) for name in names}
    for name, told in figures.items():
        print(json.dumps({name: told}) if asked.json else f"{name}: {_words(told)}")
    return 0 if figures.get("strange", {}).get("failed", 0) == 0 else 1


def _words(told: dict[str, Any]) -> str:
    return ", ".join(f"{key} {value:.4g}" for key, value in told.items())


def _measured(name: str, asked: argparse.Namespace) -> dict[str, Any]:
    if name == "strange":
        return strange_sessions(100_000)
    if name == "big":
        past, late = made_up(asked.sessions, asked.items)
        return _fitted_and_timed(past, late)
    past, late = read_sessions(*(asked.data / name / f"{part}.parquet" for part in ("train", "test")))
    return _fitted_and_timed(past, late, accurate=True)


def _fitted_and_timed(past: Sessions, late: Sessions, *, accurate: bool = False) -> dict[str, Any]:
    began = time.process_time()
    model = Blend().fit(past)
    told = {"fit_cpu_seconds": time.process_time() - began, "peak_mb": peak_mb()}
    if accurate:
        for novel in (False, True):
            result = evaluate(model, late, novel=novel)
            kind = "novel_" if novel else ""
            told |= {f"{kind}hit_rate@20": result.hit_rate, f"{kind}hit_rate@20_se": result.hit_rate_error}
            told |= {f"{kind}mrr@20": result.mrr, f"{kind}mrr@20_se": result.mrr_error}
    return told | joined(model, late) | timed(model, late)


def joined(model: Blend, late: Sessions) -> dict[str, float]:
    """Return the seconds that `JOINING` fresh visits take to be in the answers, the loops once compiled."""
    model.join(late[:1])
    began = time.process_time()
    model.join(late[:JOINING])
    return {"join_seconds": time.process_time() - began}


def timed(model: Blend, late: Sessions) -> dict[str, float]:
    """Return microseconds of processor time a call, and what a mask of 5 % costs, call by call in turns."""
    positions = list(positions_of(late))
    positions = positions[:: max(1, len(positions) // CALLS)]
    mask = np.random.default_rng(1).random(model.n_items_) < IN_STOCK
    for position in positions[:50]:
        model.rank(position.seen, allowed=mask)
        model.rank(position.seen)
    spent = np.zeros((len(positions), 2))
    for row, position in enumerate(positions):
        for column, allowed in enumerate((None, mask)):
            began = time.thread_time_ns()
            model.rank(position.seen, allowed=allowed)
            spent[row, column] = (time.thread_time_ns() - began) / 1e3
    p50, p99 = np.percentile(spent[:, 0], [50, 99])
    told = {"mean_us": spent[:, 0].mean(), "p50_us": p50, "p99_us": p99}
    return {name: float(value) for name, value in told.items()} | {
        "masked_over_open": float(spent[:, 1].mean() / spent[:, 0].mean())
    }


def made_up(count: int, n_items: int) -> tuple[Sessions, Sessions]:
    """Return sessions that stroll among neighbours on a line of items, the popular ones first; 2 to 9 taps."""
    luck = np.random.default_rng(7)
    lengths = luck.integers(2, 10, count)
    start = (n_items * luck.random(count) ** 2).astype(np.int64)
    steps = luck.geometric(0.3, lengths.sum()) * luck.choice([-1, 1], lengths.sum())
    items = (np.repeat(start, lengths) + steps).clip(0, n_items - 1)
    visit = np.repeat(np.arange(count), lengths)
    seconds = visit * 8.0 + np.arange(len(visit)) * 1e-6
    every = Sessions.from_rows(visit, items, seconds, ids=tuple(map(str, range(n_items))))
    return every[: count - 2_000], every[count - 2_000 :]


def strange_sessions(count: int) -> dict[str, Any]:
    """Ask about random sessions: unknown items, repeats, empty ones, 10,000 taps; none may fail, memory stays."""
    luck = np.random.default_rng(11)
    past, _ = made_up(20_000, 2_000)
    model = Blend().fit(past)
    failed, settled = 0, 0.0
    for number in range(count):
        length = 10_000 if number % 1_000 == 0 else int(luck.integers(0, 40))
        seen = luck.integers(-5, 2_200, length) if number % 3 else np.full(length, luck.integers(2_000))
        try:
            listed = model.rank(seen, allowed=None if number % 2 else luck.random(2_000) < IN_STOCK)
            failed += len(set(listed.tolist()) & set(seen.tolist())) > 0
        except (ValueError, IndexError, ZeroDivisionError):
            failed += 1
        if number == count // 10:
            settled = peak_mb()
    return {"asked": count, "failed": failed, "memory_grew_mb": peak_mb() - settled}


def peak_mb() -> float:
    """Return the most memory this process has ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
