"""scikit-learn's own search finds parameters, with splits by time."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.model_selection import GridSearchCV

from recommender.evaluation import mrr_of
from recommender.item_to_item import ItemToItem
from recommender.splitting import LastDays
from tests.recommender.obvious import DAY, sessions


def test_nothing_is_learned_from_what_came_later() -> None:
    every = sessions()
    for before, within in LastDays(n_splits=3, seconds=2 * DAY).split(every):
        assert every.ended[before].max() < every.ended[within].min()


def test_a_window_without_sessions_is_named() -> None:
    with pytest.raises(ValueError, match="no sessions in it or before it"):
        list(LastDays(seconds=400 * DAY).split(sessions()))


def test_a_search_prefers_the_better_parameter() -> None:
    search = GridSearchCV(
        ItemToItem(), {"backward": [0.0, 1.0], "keep": [0, 100]}, cv=LastDays(2, 2 * DAY), scoring=mrr_of
    )
    assert search.fit(sessions()).best_params_["keep"] == 100


def test_sessions_are_taken_apart_and_put_together_without_loss() -> None:
    every = sessions()
    half = len(every) // 2
    joined = every[:half].followed_by(every[half:])
    assert np.array_equal(joined.items, every.items)
    assert np.array_equal(joined.starts, every.starts)
    assert [items.tolist() for items in every[np.array([0, 5])]] == [every_of(0), every_of(5)]


def every_of(number: int) -> list[int]:
    return list(sessions())[number].tolist()
