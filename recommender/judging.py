"""What grown trees say of many items at once, in loops that a processor runs sixteen items a step."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.compiled import compiled, inlined
from recommender.evidence import Weights
from recommender.forest import Forest
from recommender.sessions import Floats

BLOCK = 64
"""Items judged together. A number known in advance: without it each loop ends with a rest, one item a step."""

INNER, LEAVES = 31, 32


class Reading(NamedTuple):
    """A forest, the features of `width` items of which a block begins at `first`, and room, each in one piece.

    A loop that cuts arrays counts references to them at every step.
    """

    feature: NDArray[np.uint16]
    threshold: Weights
    value: Weights
    features: Weights
    below: Weights
    total: Floats
    width: np.uint64
    first: np.uint64


@compiled
def room_for(count: int) -> int:
    """Return the width that features of `count` items take, whole blocks."""
    return -(-count // BLOCK) * BLOCK


@compiled
def judge(forest: Forest, features: Weights) -> Floats:
    """Return the sum of all trees for each column of `features`, of which there are a multiple of `BLOCK`.

    A tree is read from its leaves up: every question is asked of every item, and its answer chooses between what
    came from the left and what came from the right. No step waits for the one before, as it does on the way down.
    """
    trees, width = len(forest.feature), features.shape[1]
    asked, least, leaves = forest.feature.ravel(), forest.threshold.ravel(), forest.value.ravel()
    each, below, total = features.ravel(), np.empty(LEAVES // 4 * BLOCK, np.float32), np.zeros(width)
    for first in range(0, width, BLOCK):
        reading = Reading(asked, least, leaves, each, below, total, np.uint64(width), np.uint64(first))
        for tree in range(trees):
            for node in range(7, 15):
                _from_leaves(reading, tree, node)
            for node in range(1, 3):
                _from_below(reading, tree, node)
            _to_total(reading, tree)
    return total


@inlined
def _asked(reading: Reading, tree: int, node: int) -> tuple[np.uint64, np.float32]:
    """Return where the feature that a node asks about begins, and its threshold."""
    place = np.uint64(tree * INNER + node)
    return np.uint64(reading.feature[place]) * reading.width + reading.first, reading.threshold[place]


@inlined
def _from_leaves(reading: Reading, tree: int, node: int) -> None:
    """Put below what a node and its two children, whose children are leaves, say of each item of a block."""
    features, below, leaf = reading.features, reading.below, np.uint64(tree * LEAVES + 4 * (node - 7))
    here, least = _asked(reading, tree, node)
    left, left_least = _asked(reading, tree, 2 * node + 1)
    right, right_least = _asked(reading, tree, 2 * node + 2)
    one, two = reading.value[leaf], reading.value[leaf + np.uint64(1)]
    three, four = reading.value[leaf + np.uint64(2)], reading.value[leaf + np.uint64(3)]
    to = np.uint64((node - 7) * BLOCK)
    for at in range(BLOCK):
        row = np.uint64(at)
        on_left = two if features[left + row] > left_least else one
        on_right = four if features[right + row] > right_least else three
        below[to + row] = on_right if features[here + row] > least else on_left


@inlined
def _from_below(reading: Reading, tree: int, node: int) -> None:
    """Put in place of the first of four that lie below what a node and its two children choose of them."""
    features, below, block = reading.features, reading.below, np.uint64(BLOCK)
    here, least = _asked(reading, tree, node)
    left, left_least = _asked(reading, tree, 2 * node + 1)
    right, right_least = _asked(reading, tree, 2 * node + 2)
    to = np.uint64((node - 1) * 4 * BLOCK)
    for at in range(BLOCK):
        row = np.uint64(at)
        one, two = below[to + row], below[to + block + row]
        three, four = below[to + block + block + row], below[to + block + block + block + row]
        on_left = two if features[left + row] > left_least else one
        on_right = four if features[right + row] > right_least else three
        below[to + row] = on_right if features[here + row] > least else on_left


@inlined
def _to_total(reading: Reading, tree: int) -> None:
    """Add what the root chooses of its two sides."""
    features, below, total, half = reading.features, reading.below, reading.total, np.uint64(4 * BLOCK)
    here, least = _asked(reading, tree, 0)
    for at in range(BLOCK):
        row = np.uint64(at)
        left, right = below[row], below[half + row]
        total[reading.first + row] += right if features[here + row] > least else left
