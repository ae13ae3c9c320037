"""The blend learns from held-back sessions which evidence to trust."""

from __future__ import annotations

from copy import copy, deepcopy

import numpy as np
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingClassifier

from recommender.blend import Blend
from recommender.evaluation import evaluate
from recommender.forest import grow
from recommender.item_to_item import ItemToItem
from recommender.judging import judge, room_for
from recommender.session_knn import SessionKnn
from recommender.sessions import Sessions
from recommender.teaching import held_back, windows_of

CHAINS, LONG = 40, 6


def chains(count: int = 1_800, seed: int = 5) -> Sessions:
    """Sessions that walk along chains of items, one of three steps going astray."""
    luck = np.random.default_rng(seed)
    n_items = CHAINS * LONG
    rows = []
    for visit in range(count):
        chain = luck.integers(CHAINS) * LONG
        for step in range(LONG):
            stray = luck.random() < 0.33
            rows.append((visit, luck.integers(n_items) if stray else chain + step, visit * 100.0 + step))
    visits, items, seconds = (np.array(column) for column in zip(*rows, strict=True))
    return Sessions.from_rows(visits, items, seconds, ids=tuple(map(str, range(n_items))))


def test_trees_are_grown_and_do_better_than_any_model_alone() -> None:
    past, late = chains()[:1_600], chains()[1_600:]
    blend = Blend(trees=30).fit(past)
    assert blend.forest_ is not None
    alone = max(evaluate(model.fit(past), late, k=5).mrr for model in (ItemToItem(), SessionKnn()))
    assert evaluate(blend, late, k=5).mrr > alone


def test_our_sum_over_the_trees_is_scikit_learns_own() -> None:
    luck = np.random.default_rng(1)
    features = luck.random((2_000, 5), dtype=np.float32)
    chosen = features[:, 0] + features[:, 3] > 1.2
    forest = grow(features, chosen, trees=20, leaves=8, rate=0.1)
    theirs = HistGradientBoostingClassifier(
        max_iter=20, max_leaf_nodes=8, learning_rate=0.1, min_samples_leaf=40, early_stopping=False
    ).fit(features, chosen)
    columns = np.zeros((5, room_for(2_000)), dtype=np.float32)
    columns[:, :2_000] = features.T
    apart = theirs.decision_function(features) - judge(forest, columns)[:2_000]
    assert np.ptp(apart) < 1e-5


def test_what_is_held_back_is_the_newest_and_nothing_is_lost() -> None:
    earlier, newest = held_back(chains(), most=300)
    assert earlier.ended.max() < newest.ended.min()
    assert len(earlier) + len(newest) == len(chains())
    assert len(newest.items) <= 300


def test_few_taps_are_held_back_in_windows_one_after_the_other_and_many_in_one() -> None:
    visits = chains(900)
    windows = windows_of(visits, most=30_000)
    assert [len(window) for _, window in windows] == [90, 90, 90]
    assert [len(earlier) for earlier, _ in windows] == [630, 720, 810]
    assert windows[-1][1].items.tolist() == held_back(visits, 30_000)[1].items.tolist()
    many = windows_of(visits, most=len(windows[-1][1].items) // 2)
    assert [len(earlier) + len(window) for earlier, window in many] == [900]
    for few in (visits[:0], visits[:1]):
        assert [len(earlier) + len(window) for earlier, window in windows_of(few, 30_000)] == [len(few)]


def test_a_copy_has_the_same_parameters_and_nothing_learned() -> None:
    blend = Blend(trees=7, judged=30).fit(chains(100))
    copy = clone(blend)
    assert copy.get_params(deep=False) == blend.get_params(deep=False)
    assert not hasattr(copy, "models_")


def test_a_blend_copied_lists_the_same() -> None:
    blend = Blend(trees=5).fit(chains(400))
    seen = np.array([3, 4])
    for other in (copy(blend), deepcopy(blend)):
        assert other.rank(seen).tolist() == blend.rank(seen).tolist()
