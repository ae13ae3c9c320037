"""How good a model is: a session revealed item by item, the next item the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recommender.scorer import Scorer
from recommender.sessions import Sessions


@dataclass(frozen=True, slots=True)
class Result:
    """`hit_rate` and `mrr` at k over `n` positions, with the standard error of each."""

    hit_rate: float
    hit_rate_error: float
    mrr: float
    mrr_error: float
    n: int


def evaluate(model: Scorer, sessions: Sessions, *, k: int = 20, novel: bool = True) -> Result:
    """Reveal each session one item at a time and look for the next item among the best `k`.

    `novel` asks what a kiosk asks: only next items not yet in the session count, and the session's own
    items are left out of the list. (Protocol of Ludewig & Jannach, UMUAI 2018.)
    """
    ranks = [rank for items in sessions for rank in _ranks(model, items, novel=novel)]
    reached = np.array([1.0 if rank <= k else 0.0 for rank in ranks])
    reciprocal = np.array([1.0 / rank if rank <= k else 0.0 for rank in ranks])
    return Result(*_mean(reached), *_mean(reciprocal), len(ranks))


def _ranks(model: Scorer, items: np.ndarray, *, novel: bool) -> list[int]:
    ranks = []
    for position in range(1, len(items)):
        seen, truth = items[:position], int(items[position])
        if novel and truth in seen:
            continue
        scores = model.scores(seen).copy()
        if novel:
            scores[seen] = -1
        ahead = np.count_nonzero(scores > scores[truth]) + np.count_nonzero(scores[:truth] == scores[truth])
        ranks.append(int(ahead) + 1 if scores[truth] > 0 else len(scores) + 1)
    return ranks


def _mean(values: np.ndarray) -> tuple[float, float]:
    if not len(values):
        return 0.0, 0.0
    return float(values.mean()), float(values.std() / np.sqrt(len(values)))
