"""Bringing out what the shop hides: simulated shoppers, taps on the hidden tenth and hits at 20."""

from __future__ import annotations

import argparse
import json
from typing import Any

from threadpoolctl import threadpool_limits

from recommender.visibility_trial import Size, Trial, tried

LEAST_RISE, MOST_LOSS = 1.5, 0.02


def main(arguments: list[str]) -> int:
    """Print what a trial shows; fails where a tile was out of stock, the rise too small or the loss too large."""
    parser = argparse.ArgumentParser(prog="deploy/bench visibility")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--products", type=int, default=300)
    parser.add_argument("--learned-from", type=int, default=8_000, help="visits")
    parser.add_argument("--tried-on", type=int, default=3_000, help="visits in each arm")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    with threadpool_limits(1):
        trial = tried(Size(asked.products, asked.learned_from, asked.tried_on), asked.seed)
    told = figures(trial)
    print(json.dumps(told) if asked.json else "\n".join(f"{key:28} {value:.4g}" for key, value in told.items()))
    return 0 if trial.rise >= LEAST_RISE and trial.loss <= MOST_LOSS and not trial.out_of_stock else 1


def figures(trial: Trial) -> dict[str, Any]:
    """Return the trial's figures by names."""
    arms = ("without_tiles", "with_tiles", "brought_out")
    told = {f"hidden_tenth_{arm}": share for arm, share in zip(arms, trial.hidden, strict=True)}
    told |= {f"on_tiles_{arm}": share for arm, share in zip(arms[1:], trial.on_tiles, strict=True)}
    told |= {f"hit_rate@20_{arm}": share for arm, share in zip(arms[1:], trial.hits, strict=True)}
    return told | {"rise": trial.rise, "loss": trial.loss, "out_of_stock": trial.out_of_stock}
