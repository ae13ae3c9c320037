"""What prices and promotions in the ranking cost in accuracy and bring the promoted: with and without, paired."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from pyarrow import parquet

from recommender.arrangement import Wishes, wished
from recommender.blend import Blend
from recommender.evaluation import positions_of
from recommender.sessions import Floats, Mask, Sessions
from recommender.tap_files import read_sessions
from server.recommendations.by_price import OFFERED, PRICE_WEIGHT, PROMOTED

SHARE = 0.1
"""Share of the goods, drawn by luck, that a promotion reduces, and of those in an offer with a condition.

What shoppers wanted then knew nothing of it.
"""

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
    drawn = _drawn(len(past.ids))
    places = _places(Blend().fit(past), late, _ways(_logs(past.ids, prices), drawn), drawn)
    figures = {name: _gained(found, places["as it is"], tuple(drawn)) for name, found in places.items()}
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


def _drawn(count: int) -> dict[str, Mask]:
    """Return which goods are reduced, and which others are in an offer with a condition."""
    luck = np.random.default_rng(SEED).random(count)
    return {"reduced": luck < SHARE, "offered": (luck >= SHARE) & (luck < 2 * SHARE)}


def _ways(logs: Floats, drawn: Mapping[str, Mask]) -> dict[str, Wishes]:
    reduced, offered = drawn["reduced"], drawn["offered"]
    ways = {"as it is": Wishes(), "served": _wishes(logs, reduced * PROMOTED + offered * OFFERED)}
    ways |= {f"reduced by {a * PROMOTED:.2f}": Wishes(boost=reduced * a * PROMOTED) for a in (1, 2, 4)}
    ways |= {f"offered by {a * OFFERED:.2f}": Wishes(boost=offered * a * OFFERED) for a in (1, 2, 4, 8)}
    return ways | {f"price weighs {w}": _wishes(logs, None, w) for w in (PRICE_WEIGHT, 4 * PRICE_WEIGHT)}


def _wishes(logs: Floats, boost: Floats | None, weight: float = PRICE_WEIGHT) -> Wishes:
    return Wishes(boost=boost, log_prices=logs, price_weight=weight)


def _places(
    blend: Blend, late: Sessions, ways: Mapping[str, Wishes], drawn: Mapping[str, Mask]
) -> dict[str, Floats]:
    """Return for each way a row a list: one over the place of the next item, 0 where it was not listed.

    Then how many of the first `TILES` were of each kind that was drawn.
    """
    found: dict[str, list[list[float]]] = {name: [] for name in ways}
    for position in positions_of(late, novel=True):
        seen, still_open = position.seen, np.ones(len(late.ids), dtype=np.bool_)
        still_open[seen] = False
        judged = blend.judged_items(seen, still_open, LISTED)
        for name, wishes in ways.items():
            listed = wished(judged, wishes, seen=seen, count=LISTED).items[:LISTED]
            at = np.flatnonzero(listed == position.after[0])
            kinds = [float(drawn[kind][listed[:TILES]].mean()) for kind in drawn]
            found[name].append([1 / (at[0] + 1) if len(at) else 0.0, *kinds])
    return {name: np.array(one) for name, one in found.items()}


def _gained(found: Floats, plain: Floats, kinds: Sequence[str]) -> dict[str, float]:
    told: dict[str, float] = {"MRR@20 gained": float((found[:, 0] - plain[:, 0]).mean())}
    for most in (LISTED, TILES):
        gained = (found[:, 0] >= 1 / most).astype(np.float64) - (plain[:, 0] >= 1 / most)
        told[f"HR@{most} gained"] = float(gained.mean())
        told[f"HR@{most} error"] = float(gained.std() / np.sqrt(len(gained)))
    for column, kind in enumerate(kinds, start=1):
        told[f"{kind}@{TILES}"] = float(found[:, column].mean())
        told[f"{kind}@{TILES} gained"] = float((found[:, column] - plain[:, column]).mean())
    return told
