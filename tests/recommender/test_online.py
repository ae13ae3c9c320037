"""Interleaving and replay are fair: chance alone favours nobody."""

from __future__ import annotations

import numpy as np

from recommender.online import interleaved, replayed


def test_an_interleaved_list_holds_each_item_once_and_serves_both_alike() -> None:
    one, other = np.array([1, 2, 3, 4]), np.array([3, 1, 7, 8])
    teams = []
    for seed in range(400):
        drawn, team = interleaved(one, other, count=4, luck=np.random.default_rng(seed))
        assert len(set(drawn.tolist())) == 4
        assert all(item in (one if side == 0 else other) for item, side in zip(drawn, team, strict=True))
        teams += team.tolist()
    assert np.mean(teams) == 0.5


def test_a_shorter_list_leaves_the_rest_to_the_other() -> None:
    drawn, _ = interleaved(np.array([1]), np.array([2, 3]), count=5, luck=np.random.default_rng(0))
    assert set(drawn.tolist()) == {1, 2, 3}


def test_replay_finds_what_a_model_would_have_got() -> None:
    luck = np.random.default_rng(4)
    shown_a = luck.random(20_000) < 0.8
    taps = (luck.random(20_000) < np.where(shown_a, 0.1, 0.3)).astype(float)
    chance = np.where(shown_a, 0.8, 0.2)
    prefers_b = luck.random(20_000) < 0.5
    worth, error = replayed(taps, chance, prefers_b != shown_a)
    assert abs(worth - 0.2) < 4 * error < 0.03
    assert replayed([1.0], [0.5], [False]) == (0.0, 0.0)
