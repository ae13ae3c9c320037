"""Processor time that suggesting adds to a tap: all of it, on a made-up shop, in one thread."""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

import numpy as np
from sqlalchemy import create_engine

from benches.recommend import made_up
from recommender.sessions import Sessions
from recommender.shop_model import ShopModel
from server.recommendations.rules import Wishes
from server.recommendations.serving import Serving
from server.recommendations.taking_up import Current, UpToDate

CALLS = 20_000
STORES = 20
IN_STOCK = 0.2


def main(arguments: list[str]) -> int:
    """Print microseconds of processor time a call: mean, p50, p99; exit 1 where p99 is over a millisecond."""
    parser = argparse.ArgumentParser(prog="deploy/bench serving")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sessions", type=int, default=100_000)
    parser.add_argument("--items", type=int, default=20_000)
    chosen = parser.parse_args(arguments)
    past, late = made_up(chosen.sessions, chosen.items)
    model = _learned(past)
    figures = {
        "suggesting": _timed(model, late, {}),
        "with boosts": _timed(model, late, dict.fromkeys(model.ids[::50], 0.7)),
    }
    for name, figure in figures.items() if not chosen.json else ():
        print(f"{name:14}" + "  ".join(f"{what} {value:,.0f} µs" for what, value in figure.items()))
    if chosen.json:
        print(json.dumps(figures))
    return 0 if max(figure["p99"] for figure in figures.values()) <= 1000 else 1


def _learned(past: Sessions) -> ShopModel:
    texts = [f"kind{number % 97} make{number % 31} piece{number}" for number in range(past.n_items)]
    return ShopModel.learn(past, texts=texts, groups=[n % 97 for n in range(past.n_items)], stores={})


def _timed(model: ShopModel, late: Sessions, boosts: dict[str, float]) -> dict[str, float]:
    luck = random.Random(7)
    up_to_date = UpToDate(_now)
    up_to_date.current = Current(1, model, model)
    serving = Serving(create_engine("sqlite://"), _now, hold_out=0.05, up_to_date=up_to_date)
    size = int(IN_STOCK * len(model.ids))
    stock = {f"store {n}": frozenset(luck.sample(model.ids, size)) for n in range(STORES)}
    wishes = {store: Wishes(boosts=boosts or None) for store in stock}

    def ask(seen: Sequence[str]) -> None:
        store = f"store {luck.randrange(STORES)}"
        visit = UUID(int=luck.getrandbits(128), version=4)
        serving.suggest(seen, store_id=store, allowed=stock[store], visit_id=visit, wishes=wishes[store])

    visits = [[model.ids[item] for item in items] for items in late]
    asked = [visit[: luck.randint(1, len(visit))] for visit in luck.choices(visits, k=CALLS)]
    for seen in asked[: 50 * STORES]:
        ask(seen)
    micro = [_took(ask, seen) * 1e6 for seen in asked[50 * STORES :]]
    p50, p99 = np.percentile(micro, [50, 99])
    return {"mean": float(np.mean(micro)), "p50": float(p50), "p99": float(p99)}


def _took(ask: Callable[[Sequence[str]], None], seen: Sequence[str]) -> float:
    began = time.thread_time()
    ask(seen)
    return time.thread_time() - began


def _now() -> datetime:
    return datetime.now(UTC)
