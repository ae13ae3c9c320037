"""The same lessons grow the same trees, also where there are so many that only some of them say where to cut."""

from __future__ import annotations

import numpy as np

from recommender.forest import grow


def test_the_same_lessons_grow_the_same_trees() -> None:
    features = np.random.default_rng(1).random((210_000, 2), dtype=np.float32)
    chosen = features[:, 0] > features[:, 1]
    one, other = (grow(features, chosen, trees=2, leaves=8, rate=0.1) for _ in range(2))
    assert one.threshold.tolist() == other.threshold.tolist()
    assert one.value.tolist() == other.value.tolist()
