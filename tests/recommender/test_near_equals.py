"""Of near equals some give way to others; what is clearly better gives way to none."""

from __future__ import annotations

import pytest

from recommender.near_equals import gave_way

BEST, PUMP, CLOG, SOCK, FAR = range(5)
ODDS = {BEST: 3.0, PUMP: 1.0, CLOG: 0.9, SOCK: 0.81, FAR: 0.1}


@pytest.mark.parametrize(
    ("behind", "ordered"),
    [
        ((), [BEST, PUMP, CLOG, SOCK, FAR]),
        ((PUMP,), [BEST, CLOG, SOCK, PUMP, FAR]),
        ((PUMP, CLOG), [BEST, SOCK, PUMP, CLOG, FAR]),
        ((BEST, FAR), [BEST, PUMP, CLOG, SOCK, FAR]),
    ],
)
def test_only_to_near_equals(behind: tuple[int, ...], ordered: list[int]) -> None:
    assert gave_way(list(ODDS), ODDS, frozenset(behind)) == ordered
