"""Processor time that suggesting adds to a tap: all of it, on a made-up shop, in one thread."""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import numpy as np
from sqlalchemy import create_engine

from benches.recommend import made_up
from recommender.sessions import Sessions
from recommender.shop_model import ShopModel
from server.recommendations.rules import Wishes
from server.recommendations.serving import Serving
from server.recommendations.shop_prices import ShopPrices
from server.recommendations.taking_up import Current, UpToDate

CALLS = 20_000
STORES = 20
IN_STOCK = 0.2
SIZES = "with sizes"
"""The way in which a hundredth of the goods are here in other sizes than the shopper's."""


def main(arguments: list[str]) -> int:
    """Print microseconds of processor time a call: mean, p50, p99; exit 1 where p99 is over a millisecond."""
    parser = argparse.ArgumentParser(prog="deploy/bench serving")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sessions", type=int, default=100_000)
    parser.add_argument("--items", type=int, default=20_000)
    chosen = parser.parse_args(arguments)
    past, late = made_up(chosen.sessions, chosen.items)
    model = _learned(past)
    ways = {
        "suggesting": Wishes(),
        "with boosts": Wishes(boosts=dict.fromkeys(model.ids[::50], 0.7)),
        "with prices": Wishes(shop=_priced(model.ids)),
        SIZES: Wishes(),
    }
    figures = _timed(model, late, ways)
    for name, figure in figures.items() if not chosen.json else ():
        print(f"{name:14}" + "  ".join(f"{what} {value:,.0f} µs" for what, value in figure.items()))
    if chosen.json:
        print(json.dumps(figures))
    return 0 if max(figure["p99"] for figure in figures.values()) <= 1000 else 1


def _learned(past: Sessions) -> ShopModel:
    texts = [f"kind{number % 97} make{number % 31} piece{number}" for number in range(past.n_items)]
    return ShopModel.learn(past, texts=texts, groups=[n % 97 for n in range(past.n_items)], stores={})


def _priced(ids: Sequence[str]) -> ShopPrices:
    """Return prices of all goods, a tenth of them reduced."""
    luck = random.Random(9)
    return ShopPrices({one: luck.randint(100, 20_000) for one in ids}, frozenset(ids[::10]), _now(), _now())


def _timed(model: ShopModel, late: Sessions, ways: Mapping[str, Wishes]) -> dict[str, dict[str, float]]:
    """Ask the same of all ways in turn, so that whatever else this machine does slows all of them."""
    luck = random.Random(7)
    up_to_date = UpToDate(_now)
    up_to_date.current = Current(1, model, model)
    serving = Serving(create_engine("sqlite://"), _now, hold_out=0.05, up_to_date=up_to_date)
    size = int(IN_STOCK * len(model.ids))
    stock = {f"store {n}": frozenset(luck.sample(model.ids, size)) for n in range(STORES)}
    wishes = {way: {store: replace(wished) for store in stock} for way, wished in ways.items()}
    visits = [[model.ids[item] for item in items] for items in late]
    asked = [visit[: luck.randint(1, len(visit))] for visit in luck.choices(visits, k=CALLS)]
    micro: dict[str, list[float]] = {way: [] for way in ways}
    for seen in asked:
        store, visit = f"store {luck.randrange(STORES)}", UUID(int=luck.getrandbits(128), version=4)
        for way in luck.sample(list(ways), len(ways)):
            ask = partial(serving.suggest, seen, store_id=store, allowed=stock[store], visit_id=visit)
            sizes = frozenset(model.ids[::100]) if way == SIZES else frozenset()
            micro[way].append(_took(partial(ask, wishes=wishes[way][store], other_sizes=sizes)))
    return {way: _told(some[50 * STORES :]) for way, some in micro.items()}


def _told(micro: Sequence[float]) -> dict[str, float]:
    p50, p99 = np.percentile(micro, [50, 99])
    return {"mean": float(np.mean(micro)), "p50": float(p50), "p99": float(p99)}


def _took(ask: Callable[[], object]) -> float:
    began = time.thread_time()
    ask()
    return (time.thread_time() - began) * 1e6


def _now() -> datetime:
    return datetime.now(UTC)
