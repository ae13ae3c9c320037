"""Whatever a session holds, a list comes out; `deploy/bench recommend --only strange` asks a hundred thousand."""

from __future__ import annotations

import numpy as np

from recommender.blend import Blend
from tests.recommender.test_blend import CHAINS, LONG, chains

N = CHAINS * LONG
ASKED = 2_000


def test_unknown_items_repeats_nothing_and_ten_thousand_taps_make_lists_that_hold_what_they_promise() -> None:
    luck, blend = np.random.default_rng(11), Blend(trees=20).fit(chains())
    for number in range(ASKED):
        length = 10_000 if number % 500 == 0 else int(luck.integers(0, 40))
        seen = luck.integers(-5, N + 20, length) if number % 3 else np.full(length, luck.integers(N))
        allowed = luck.random(N) < (0.05, 0.5, 1.0)[number % 3]
        listed = blend.rank(seen, allowed=allowed).tolist()
        left = set(np.flatnonzero(allowed)) - set(seen.tolist())
        assert len(listed) == len(set(listed)) == min(20, len(left))
        assert set(listed) <= left


def test_the_boards_of_a_blend_are_as_many_as_threads_and_no_more() -> None:
    blend = Blend(trees=5).fit(chains(400))
    for item in range(300):
        blend.rank(np.array([item % N], dtype=np.int32))
    assert len(blend.boards_) == 1
    board, *_ = blend.boards_[0]
    assert not board.size[0]
    assert (board.row == -1).all()
    assert not board.evidence.any()
