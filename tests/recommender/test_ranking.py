"""The compiled middle of the blend does what plain numpy would, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.evidence import Board, row_of, wipe
from recommender.ranking import weighed
from recommender.selection import Short, largest_of, least_of_best, strongest
from recommender.sessions import Floats

N_ITEMS, COLUMNS = 500, 4


def laid(luck: np.random.Generator) -> Board:
    """Return a board with evidence for some items, nothing at all in its last column."""
    board = Board.of(N_ITEMS, COLUMNS)
    for item in luck.permutation(N_ITEMS)[: luck.integers(N_ITEMS)]:
        row = row_of(board, item)
        board.evidence[: COLUMNS - 1, row] = luck.random(COLUMNS - 1) * (luck.random(COLUMNS - 1) < 0.5)
    return board


@pytest.mark.parametrize("seed", range(20))
def test_evidence_is_scaled_weighed_and_added_up_in_order(seed: int) -> None:
    luck = np.random.default_rng(seed)
    board, allowed = laid(luck), luck.random(N_ITEMS) < 0.7
    weights, size = luck.random(COLUMNS).astype(np.float32), board.size[0]
    short = weighed(board, weights, allowed)
    total = np.zeros(size, np.float32)
    for amounts, weight in zip(board.evidence[:, :size], weights, strict=True):
        total += amounts * (weight / max(amounts.max(initial=0), np.float32(1e-12)))
    wanted = allowed[board.listed[:size]]
    assert short.items.tolist() == board.listed[:size][wanted].tolist()
    assert short.total.tolist() == total[wanted].tolist()
    best = strongest(short, 20)
    order = np.argsort(-short.total, kind="stable")[:20]
    assert best.items.tolist() == short.items[order].tolist()
    assert best.total.tolist() == short.total[order].tolist()
    wipe(board)
    assert not board.evidence.any()
    assert (board.row == -1).all()


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("spread", ["even", "a few large ones", "many alike", "nothing"])
def test_the_least_of_the_best_is_what_sorting_would_find(kind: type[np.floating], spread: str) -> None:
    luck = np.random.default_rng(5)
    values: Floats = {
        "even": luck.random(1000),
        "a few large ones": luck.random(1000) ** 30 * 1e6,
        "many alike": luck.integers(4, size=1000) * 1.0,
        "nothing": np.zeros(1000),
    }[spread].astype(kind)
    for count in (1, 2, 60, 150, 999, 1000):
        assert least_of_best(values, count) == np.sort(values)[-count]


def test_the_largest_of_many_and_of_none() -> None:
    for length in (0, 1, 7, 1000):
        amounts = np.random.default_rng(length).random(length).astype(np.float32)
        assert largest_of(amounts) == amounts.max(initial=0)
    assert len(strongest(Short(np.empty(0, np.int32), np.empty(0, np.float32)), 5).items) == 0
