"""Boosted trees as plain arrays, grown by scikit-learn and read by a compiled loop."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from recommender.compiled import compiled
from recommender.evidence import Weights
from recommender.sessions import Floats, Ints, Mask


class Forest(NamedTuple):
    """Trees end to end: a node asks whether `feature` ≤ `threshold` and goes `left`, else `right`.

    A leaf has `left` 0 and its `value`; tree t begins at `root[t]`. Children are counted from the root.
    """

    feature: Ints
    threshold: Floats
    left: Ints
    right: Ints
    value: Floats
    root: Ints


def grow(features: Weights, chosen: Mask, *, trees: int, leaves: int, rate: float) -> Forest:
    """Return trees whose sum is the log-odds that an item is the one `chosen` (up to a constant)."""
    boosting = HistGradientBoostingClassifier(
        max_iter=trees, max_leaf_nodes=leaves, learning_rate=rate, min_samples_leaf=40, early_stopping=False
    )
    # scikit-learn keeps the grown trees in `_predictors` only; a test compares our sum with its own.
    nodes = [tree.nodes for (tree,) in boosting.fit(features, chosen)._predictors]
    every = np.concatenate(nodes)
    return Forest(
        every["feature_idx"].astype(np.int32),
        every["num_threshold"].astype(np.float64),
        np.where(every["is_leaf"], 0, every["left"]).astype(np.int32),
        every["right"].astype(np.int32),
        every["value"].astype(np.float64),
        np.cumsum([0, *map(len, nodes[:-1])]).astype(np.int32),
    )


@compiled
def judge(forest: Forest, features: Weights) -> NDArray[np.float64]:
    """Return the sum of all trees for each row of `features`."""
    total = np.zeros(len(features))
    for root in forest.root:
        for row in range(len(features)):
            node = root
            while forest.left[node] != 0:
                smaller = features[row, forest.feature[node]] <= forest.threshold[node]
                node = root + (forest.left[node] if smaller else forest.right[node])
            total[row] += forest.value[node]
    return total
