"""Boosted trees as plain arrays, grown by scikit-learn and read by a compiled loop without branches."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from recommender.compiled import compiled
from recommender.evidence import Weights
from recommender.sessions import Floats, Mask

DEPTH = 5
FIRST = 30
"""Trees that every row is asked; the others only the rows these like best."""


class Forest(NamedTuple):
    """Complete trees of depth 5: node i asks whether `feature` ≤ `threshold` and goes to 2i + 1, else to 2i + 2.

    `feature` and `threshold` are (n_trees, 31), `value` of the leaves (n_trees, 32).
    """

    feature: NDArray[np.uint16]
    threshold: Weights
    value: Weights

    @classmethod
    def empty(cls, trees: int) -> Forest:
        """Return trees that say nothing."""
        inner, leaves = (trees, 2**DEPTH - 1), (trees, 2**DEPTH)
        return cls(np.zeros(inner, np.uint16), np.full(inner, np.inf, np.float32), np.zeros(leaves, np.float32))


def grow(features: Weights, chosen: Mask, *, trees: int, leaves: int, rate: float) -> Forest:
    """Return trees whose sum is the log-odds that an item is the one `chosen` (up to a constant)."""
    boosting = HistGradientBoostingClassifier(
        max_iter=trees,
        max_depth=DEPTH,
        max_leaf_nodes=leaves,
        learning_rate=rate,
        min_samples_leaf=40,
        early_stopping=False,
    )
    # scikit-learn keeps the grown trees in `_predictors` only; a test compares our sum with its own.
    grown = [tree.nodes for (tree,) in boosting.fit(features, chosen)._predictors]
    forest = Forest.empty(len(grown))
    for number, nodes in enumerate(grown):
        _plant(forest, number, nodes)
    return forest


def _plant(forest: Forest, number: int, nodes: NDArray[Any]) -> None:
    """Lay a tree out completely; below a leaf that is not deep enough every question goes left."""
    waiting = [(0, 0, 0)]
    while waiting:
        place, node, depth = waiting.pop()
        if depth == DEPTH:
            forest.value[number, place - (2**DEPTH - 1)] = nodes[node]["value"]
        elif nodes[node]["is_leaf"]:
            waiting.append((2 * place + 1, node, depth + 1))
        else:
            forest.feature[number, place] = nodes[node]["feature_idx"]
            forest.threshold[number, place] = _rounded_down(nodes[node]["num_threshold"])
            waiting.append((2 * place + 1, nodes[node]["left"], depth + 1))
            waiting.append((2 * place + 2, nodes[node]["right"], depth + 1))


def _rounded_down(threshold: float) -> np.float32:
    near = np.float32(threshold)
    return near if near <= threshold else np.nextafter(near, np.float32(-np.inf))


@compiled
def judge(forest: Forest, features: Weights) -> Floats:
    """Return the sum of all trees for each row of `features`."""
    return _sum(forest, features, np.arange(len(features)))


@compiled
def judge_in_stages(forest: Forest, features: Weights, kept: int) -> Floats:
    """Return the sum of all trees for the `kept` rows that the first trees like best, of `FIRST` for the others.

    (Early exit: Cambazoglu et al., WSDM 2010.)
    """
    total = _sum(_part(forest, 0, FIRST), features, np.arange(len(features)))
    best = np.argsort(-total, kind="mergesort")[:kept]
    return total + _sum(_part(forest, FIRST, len(forest.feature)), features, best)


@compiled
def _part(forest: Forest, first: int, end: int) -> Forest:
    return Forest(forest.feature[first:end], forest.threshold[first:end], forest.value[first:end])


@compiled
def _sum(forest: Forest, features: Weights, rows: NDArray[np.int64]) -> Floats:
    """Return what all trees say of `rows`, 0 of the others."""
    total = np.zeros(len(features))
    # places are unsigned, so that numba asks at no step whether they count from the end.
    for tree in range(len(forest.feature)):
        feature, threshold, value = forest.feature[tree], forest.threshold[tree], forest.value[tree]
        for place in rows:
            row, node = np.uint64(place), np.uint64(0)
            for _ in range(DEPTH):
                right = np.uint64(features[row, np.uint64(feature[node])] > threshold[node])
                node = np.uint64(2) * node + np.uint64(1) + right
            total[row] += value[node - np.uint64(2**DEPTH - 1)]
    return total
