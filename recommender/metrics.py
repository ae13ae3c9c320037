"""What a model's lists are worth: accuracy position by position, and how the lists spread over the items."""

from __future__ import annotations

import numpy as np

from recommender.evaluation import Answers, mean_and_error
from recommender.sessions import Floats, Sessions

INTERVALS = 500
"""Resamplings of a bootstrap."""


def accuracy_of(answers: Answers) -> dict[str, Floats]:
    """Return each measure at k position by position.

    Hit rate, MRR and NDCG ask for the next item; precision, recall and MAP for all that the session still
    saw. (Definitions: Ludewig & Jannach, UMUAI 2018; NDCG with one truth: 1 / log2(place + 1).)
    """
    places = answers.places
    reached = (places > 0).astype(np.float64)
    rest = np.array([_rest(row, answers) for row in range(len(answers))]).reshape(-1, 3)
    return {
        "hit_rate": reached,
        "mrr": reached / np.maximum(places, 1),
        "ndcg": reached / np.log2(np.maximum(places, 1) + 1.0),
        "precision": rest[:, 0],
        "recall": rest[:, 1],
        "map": rest[:, 2],
    }


def _rest(row: int, answers: Answers) -> tuple[float, float, float]:
    wanted, k = np.unique(answers.positions[row].after), answers.listed.shape[1]
    found = np.flatnonzero(np.isin(answers.listed[row], wanted))
    if not len(found):
        return 0.0, 0.0, 0.0
    precise = (np.arange(len(found)) + 1.0) / (found + 1.0)
    return len(found) / k, len(found) / len(wanted), float(precise.sum() / min(len(wanted), k))


def spread_of(answers: Answers, train: Sessions) -> dict[str, float]:
    """Return coverage (share of the trained items ever listed), popularity bias and Gini of the listings.

    Popularity bias is the mean tap count of what is listed over that of the most tapped item; a Gini of 0
    lists all trained items equally often, near 1 always the same few.
    """
    taps = np.bincount(train.items, minlength=train.n_items)
    trained = taps > 0
    shown = np.bincount(answers.listed[answers.listed >= 0], minlength=train.n_items)
    return {
        "coverage": float((shown[trained] > 0).mean()) if trained.any() else 0.0,
        "popularity_bias": float((shown * taps).sum() / max(shown.sum() * taps.max(initial=1), 1)),
        "gini": _gini(np.sort(shown[trained]).astype(np.float64)),
    }


def _gini(rising: Floats) -> float:
    if not rising.sum():
        return 0.0
    n = len(rising)
    return float((2 * np.arange(1, n + 1) - n - 1) @ rising / (n * rising.sum()))


def interval_of(values: Floats, answers: Answers, luck: np.random.Generator) -> tuple[float, float]:
    """Return the 95 % interval of the mean by bootstrap over sessions, whose positions hang together.

    (Efron & Tibshirani, 1993: percentile method.)
    """
    _, session = np.unique(answers.sessions, return_inverse=True)
    if not len(session):
        return 0.0, 0.0
    sums, counts = np.bincount(session, weights=values), np.bincount(session)
    drawn = luck.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=INTERVALS)
    low, high = np.percentile((drawn @ sums) / (drawn @ counts), [2.5, 97.5])
    return float(low), float(high)


def report_of(answers: Answers, train: Sessions, luck: np.random.Generator) -> dict[str, float | list[float]]:
    """Return every measure with its standard error and 95 % interval, the spread, and microseconds a call."""
    k = answers.listed.shape[1]
    told: dict[str, float | list[float]] = {"n": len(answers)}
    for name, values in accuracy_of(answers).items():
        told[f"{name}@{k}"], told[f"{name}@{k}_se"] = mean_and_error(values)
        told[f"{name}@{k}_interval"] = list(interval_of(values, answers, luck))
    told |= {f"{name}@{k}": value for name, value in spread_of(answers, train).items()}
    micro = answers.seconds * 1e6 if len(answers) else np.zeros(1)
    p50, p99 = np.percentile(micro, [50, 99])
    return {**told, "mean_us": float(micro.mean()), "p50_us": float(p50), "p99_us": float(p99)}


def compared(one: Answers, other: Answers) -> dict[str, dict[str, float]]:
    """Return, for the measures of the next item, the mean difference one - other on the same positions and its z.

    Raises ValueError where they were not asked the same questions.
    """
    if [len(p.seen) for p in one.positions] != [len(p.seen) for p in other.positions]:
        msg = "two models can only be compared on the same positions: ask both about the same sessions"
        raise ValueError(msg)
    told = {}
    ours, theirs = accuracy_of(one), accuracy_of(other)
    for name in ("hit_rate", "mrr", "ndcg"):
        difference, error = mean_and_error(ours[name] - theirs[name])
        told[name] = {"difference": difference, "se": error, "z": difference / error if error else 0.0}
    return told
