"""The measures give by hand what their definitions say."""

from __future__ import annotations

import math

import numpy as np
import pytest

from recommender.evaluation import Answers, Position, answers_of, positions_of
from recommender.item_to_item import ItemToItem
from recommender.metrics import accuracy_of, compared, interval_of, report_of, spread_of
from recommender.popularity import Popularity
from tests.recommender.obvious import sessions


def answers(*rows: tuple[list[int], list[int]]) -> Answers:
    """Return lists of three with what came after each; every position is a session of its own."""
    listed = np.array([one for one, _ in rows], dtype=np.int32)
    none = np.empty(0, dtype=np.int32)
    positions = tuple(Position(n, none, np.array(after, np.int32)) for n, (_, after) in enumerate(rows))
    return Answers(listed, positions, np.zeros(len(rows)))


def test_the_next_item_and_the_rest_of_the_session_count_as_defined() -> None:
    told = accuracy_of(answers(([5, 1, 2], [1, 2, 9]), ([3, 4, -1], [7])))
    assert told["hit_rate"].tolist() == [1, 0]
    assert told["mrr"].tolist() == [1 / 2, 0]
    assert told["ndcg"].tolist() == pytest.approx([1 / math.log2(3), 0])
    assert told["precision"].tolist() == pytest.approx([2 / 3, 0])
    assert told["recall"].tolist() == pytest.approx([2 / 3, 0])
    assert told["map"].tolist() == pytest.approx([(1 / 2 + 2 / 3) / 3, 0])


def test_the_same_few_items_everywhere_are_told_from_an_even_spread() -> None:
    train = sessions()
    few = spread_of(answers(([0, 1, -1], [0]), ([0, 1, -1], [0])), train)
    even = spread_of(answers(([0, 1, 2], [0]), ([3, 4, 5], [0])), train)
    assert (few["coverage"], even["coverage"]) == (2 / 6, 1.0)
    assert few["gini"] > even["gini"] == 0
    assert few["popularity_bias"] == 1 > even["popularity_bias"]


def test_an_interval_holds_the_mean_and_narrows_with_more_sessions() -> None:
    luck = np.random.default_rng(3)
    widths = []
    for count in (50, 800):
        asked = answers(*[([1, 2, 3], [1])] * count)
        values = luck.random(count)
        low, high = interval_of(values, asked, np.random.default_rng(1))
        assert low < values.mean() < high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


def test_novel_leaves_out_what_was_seen_and_a_prefix_leaves_out_the_beginning() -> None:
    assert all(p.after[0] not in p.seen for p in positions_of(sessions(), novel=True))
    assert not tuple(positions_of(sessions(), min_prefix=2))


def test_a_better_model_is_better_on_the_same_positions() -> None:
    asked = tuple(positions_of(sessions()))
    good, poor = (answers_of(model.fit(sessions()), asked, k=1) for model in (ItemToItem(), Popularity()))
    difference = compared(good, poor)["hit_rate"]
    assert difference["difference"] > 0
    assert difference["z"] > 2
    assert compared(good, good)["mrr"] == {"difference": 0, "se": 0, "z": 0}
    with pytest.raises(ValueError, match="the same positions"):
        compared(good, answers_of(ItemToItem().fit(sessions()), asked[:3]))


def test_the_clock_is_read_around_each_answer() -> None:
    ticks = iter(range(10_000))
    asked = tuple(positions_of(sessions()))
    told = answers_of(ItemToItem().fit(sessions()), asked, clock=lambda: float(next(ticks)))
    report = report_of(told, sessions(), np.random.default_rng(0))
    assert report["mean_us"] == report["p99_us"] == 1e6
    assert report["n"] == len(asked)
