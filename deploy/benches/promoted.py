"""What prices and promotions in the ranking cost in accuracy: the next item's place with and without, paired."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from pyarrow import parquet

from recommender.arrangement import Wishes, wished
from recommender.blend import Blend
from recommender.evaluation import positions_of
from recommender.sessions import Floats, Sessions
from recommender.tap_files import read_sessions
from server.recommendations.by_price import PRICE_WEIGHT, PROMOTED

SHARE = 0.1
"""Share of the goods, drawn by luck, that a promotion reduces: what shoppers wanted then knew nothing of it."""

SEED = 5
LISTED, TILES = 20, 4
NOISE = 2.0
"""Standard errors within which a loss is none."""


def main(arguments: list[str]) -> int:
    """Print what is gained, each with its standard error; exit 1 where a list as it is served loses hits."""
    parser = argparse.ArgumentParser(prog="deploy/bench promoted")
    parser.add_argument("train", type=Path)
    parser.add_argument("test", type=Path)
    parser.add_argument("items", type=Path, help="Parquet with item_id and price")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    past, late = read_sessions(chosen.train, chosen.test)
    rows = parquet.read_table(chosen.items).to_pylist()
    prices = {str(row["item_id"]): row["price"] for row in rows if row["price"] and row["price"] > 0}
    ways = _ways(_logs(past.ids, prices))
    places = _places(Blend().fit(past), late, ways)
    figures = {name: _gained(found, places["as it is"]) for name, found in places.items()}
    for name, told in figures.items() if not chosen.json else ():
        print(f"{name:22}" + "  ".join(f"{what} {value:+.4f}" for what, value in told.items()))
    if chosen.json:
        print(json.dumps(figures))
    served = figures["served"]
    lost = any(served[f"{what} gained"] < -NOISE * served[f"{what} error"] for what in ("HR@20", "HR@4"))
    return 1 if lost else 0


def _logs(ids: tuple[str, ...], prices: Mapping[str, float]) -> Floats:
    logs = np.array([np.log10(prices.get(one, np.nan)) for one in ids])
    return np.where(np.isnan(logs), np.nanmedian(logs), logs)


def _ways(logs: Floats) -> dict[str, Wishes]:
    reduced = np.random.default_rng(SEED).random(len(logs)) < SHARE
    ways = {"as it is": Wishes(), "served": _wishes(logs, reduced * PROMOTED)}
    ways |= {f"promoted by {a * PROMOTED:.2f}": Wishes(boost=reduced * a * PROMOTED) for a in (0.5, 1, 2, 4)}
    return ways | {f"price weighs {w}": _wishes(logs, None, w) for w in (PRICE_WEIGHT, 4 * PRICE_WEIGHT)}


def _wishes(logs: Floats, boost: Floats | None, weight: float = PRICE_WEIGHT) -> Wishes:
    return Wishes(boost=boost, log_prices=logs, price_weight=weight)


def _places(blend: Blend, late: Sessions, ways: Mapping[str, Wishes]) -> dict[str, Floats]:
    """Return for each way where the next item stood, as one over its place; 0 where it was not listed."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for position in positions_of(late, novel=True):
        seen, still_open = position.seen, np.ones(len(late.ids), dtype=np.bool_)
        still_open[seen] = False
        judged = blend.judged_items(seen, still_open, LISTED)
        for name, wishes in ways.items():
            listed = wished(judged, wishes, seen=seen, count=LISTED).items[:LISTED]
            at = np.flatnonzero(listed == position.after[0])
            found[name].append(1 / (at[0] + 1) if len(at) else 0.0)
    return {name: np.array(one) for name, one in found.items()}


def _gained(found: Floats, plain: Floats) -> dict[str, float]:
    told: dict[str, float] = {"MRR@20 gained": float((found - plain).mean())}
    for most in (LISTED, TILES):
        gained = (found >= 1 / most).astype(np.float64) - (plain >= 1 / most)
        told[f"HR@{most} gained"] = float(gained.mean())
        told[f"HR@{most} error"] = float(gained.std() / np.sqrt(len(gained)))
    return told
