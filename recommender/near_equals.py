"""Of items about equally good, some after the others: a wish that never outvotes what goes with a visit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

NEAR = 0.2
"""Log-odds between near equals."""


def gave_way(items: Sequence[int], odds: Mapping[int, float], behind: Collection[int]) -> list[int]:
    """Return the items as ordered, but of near equals by their log-odds those `behind` after the others."""
    ordered = list(items)
    for last in range(len(ordered) - 2, -1, -1):
        one, place = ordered[last], last
        while one in behind and place + 1 < len(ordered):
            other = ordered[place + 1]
            if other in behind or odds[one] - odds[other] > NEAR:
                break
            ordered[place], place = other, place + 1
        ordered[place] = one
    return ordered
