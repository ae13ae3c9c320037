"""Boosted trees as plain arrays, grown by scikit-learn."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from recommender.evidence import Weights
from recommender.sessions import Mask

DEPTH = 5


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
        random_state=0,
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
