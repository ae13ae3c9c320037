"""How each item has fared lately: how often, how lately, how long it has been known."""

from __future__ import annotations

import numpy as np

from recommender.evidence import Weights
from recommender.past import Past

DAY = 86_400.0
NEVER = 9_999.0
TRENDS = ("taps", "taps_3_days", "rise", "days_known", "days_idle")


def trends_of(past: Past) -> Weights:
    """Return `TRENDS` of each item at the end of `past`, (n_items, 5); counts are logarithms."""
    n = past.n_items
    ended = np.repeat(past.ended, np.diff(past.starts))
    age = (ended.max(initial=0.0) - ended) / DAY
    days_3 = np.bincount(past.items[age <= 3], minlength=n)
    days_30 = np.bincount(past.items[age <= 30], minlength=n)
    known, idle = np.full(n, -1.0), np.full(n, NEVER)
    np.maximum.at(known, past.items, age)
    np.minimum.at(idle, past.items, age)
    taps = past.taps()
    logs = np.log1p(taps), np.log1p(days_3), np.log1p(days_30) - np.log1p(taps)
    return np.stack([*logs, known, idle], axis=1).astype(np.float32)
