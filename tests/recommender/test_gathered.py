"""Taps gathered a few at a time make the sessions that all of them at once make."""

from __future__ import annotations

from collections import deque

import numpy as np
import pytest

from recommender.gathered import Gathered, Tap
from recommender.sessions import Sessions

IDS = ("boots", "socks", "tent", "boots", "mat")


def assert_same(one: Sessions, other: Sessions) -> None:
    assert one.ids == other.ids
    for name in ("items", "starts", "ended"):
        mine, theirs = getattr(one, name), getattr(other, name)
        assert mine.dtype == theirs.dtype
        assert mine.tolist() == theirs.tolist()


@pytest.mark.parametrize("seed", range(40))
def test_a_few_at_a_time_make_the_same_sessions_as_all_at_once(seed: int) -> None:
    luck = np.random.default_rng(seed)
    most = int(luck.integers(1, 60))
    gathered, kept = Gathered(IDS, most), deque[Tap](maxlen=most)
    for _ in range(int(luck.integers(1, 8))):
        some: list[Tap] = [
            (
                f"visit-{'é' * int(luck.integers(3))}{luck.integers(9)}",
                str(luck.choice((*IDS, "of another shop"))),
                float(luck.integers(12)) / 4,
                str(luck.choice(("MAD", "BCN", ""))),
            )
            for _ in range(int(luck.integers(0, 30)))
        ]
        gathered.add(some)
        kept.extend(some)
        every, by_place = gathered.sessions()
        assert len(gathered) == len(kept)
        assert_same(every, Sessions.from_taps((one[:3] for one in kept), IDS))
        assert by_place.keys() == {one[3] for one in kept}
        for place, own in by_place.items():
            assert_same(own, Sessions.from_taps((one[:3] for one in kept if one[3] == place), IDS))


def test_without_a_tap_there_is_no_session() -> None:
    every, by_place = Gathered(IDS, 9).sessions()
    assert_same(every, Sessions.from_taps((), IDS))
    assert by_place == {}
