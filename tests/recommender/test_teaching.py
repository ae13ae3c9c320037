"""What held-back sessions teach: the next tap, and every place of the lists it was found in."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.evidence import Weights
from recommender.sessions import Ints, Sessions
from recommender.teaching import lessons_of

VISITS = 400


def _sessions(items: int) -> Sessions:
    luck = np.random.default_rng(7)
    taps = luck.integers(0, items, 2 * VISITS).astype(np.int32)
    starts = np.arange(0, 2 * VISITS + 1, 2, dtype=np.int64)
    return Sessions(taps, starts, np.arange(VISITS, dtype=np.float64), tuple(str(n) for n in range(items)))


@pytest.mark.parametrize("length", [3, 20, 30, 50, 60, 64, 100, 200])
def test_each_lesson_passes_over_some_and_together_they_do_every_place_of_a_list(length: int) -> None:
    lessons = iter(range(VISITS))

    def shortlist(_: Ints) -> tuple[Ints, Weights]:
        places = np.arange(length, dtype=np.float32)
        return places.astype(np.int32), np.stack([places, np.full_like(places, next(lessons))], axis=1)

    rows, tapped = lessons_of(shortlist, _sessions(length), most=VISITS)
    assert tapped.sum() == VISITS
    places, of_lesson = rows[~tapped].T
    assert set(of_lesson.tolist()) == set(range(VISITS))
    times = np.bincount(places.astype(int), minlength=length)
    assert times.min() > 0.5 * times.mean()


def test_a_list_without_the_next_tap_teaches_nothing() -> None:
    def shortlist(_: Ints) -> tuple[Ints, Weights]:
        return np.array([99], dtype=np.int32), np.zeros((1, 4), dtype=np.float32)

    rows, tapped = lessons_of(shortlist, _sessions(5), most=VISITS)
    assert not len(rows)
    assert not len(tapped)
