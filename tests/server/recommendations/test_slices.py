"""A plan is cut by the looks there are and the memory they may take, and every session lies in one slice."""

from __future__ import annotations

import numpy as np

from server.recommendations.building import slices
from server.recommendations.building.plan import ALL

GIGABYTE = 10**9


def test_more_memory_sorts_more_at_once() -> None:
    assert slices.at_once(GIGABYTE) == GIGABYTE // slices.A_LOOK
    assert slices.at_once(1) == slices.FEWEST


def test_what_fits_is_not_cut() -> None:
    assert slices.visits(100, 100, hashed="hash") == (ALL,)
    assert list(slices.ends({"span": np.array([1.0, 2.0]), "looks": np.array([60, 40])}, 100)) == [ALL]


def test_visits_are_cut_into_a_power_of_two() -> None:
    assert [some.split()[-1] for some in slices.visits(301, 100, hashed="hash")] == ["0", "1", "2", "3"]


def test_ends_are_cut_where_enough_ended_the_newest_first() -> None:
    ends = {"span": np.array([-1.0, 0.0, 1.0, 5.0]), "looks": np.array([40, 250, 30, 60])}
    assert list(slices.ends(ends, 100)) == [
        "kept.ended >= 64.0 AND kept.ended < 384.0",
        "kept.ended >= 0.0 AND kept.ended < 64.0",
        "kept.ended >= -64.0 AND kept.ended < 0.0",
    ]
