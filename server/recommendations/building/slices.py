"""Into how many slices a plan is cut so that each fits into the memory there is, and where the cuts are. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from server.recommendations.building.plan import ALL, SOME_ENDS, SOME_VISITS, SPAN

A_LOOK = 400
"""Bytes of memory a look takes while visits are sorted, at most: measured, and half as much again."""

FEWEST = 100_000
"""Looks below which cutting gains nothing."""


def at_once(memory: int) -> int:
    """Return how many looks may be sorted at once in so many bytes of memory."""
    return max(memory // A_LOOK, FEWEST)


def visits(looks: int, most: int, *, hashed: str) -> tuple[str, ...]:
    """Return conditions that cut visits into slices of about `most` looks; `hashed` names the engine's hash."""
    count = 1
    while looks > count * most:
        count *= 2
    if count == 1:
        return (ALL,)
    return tuple(SOME_VISITS.format(hash=hashed, last=count - 1, number=n) for n in range(count))


def ends(found: Mapping[str, NDArray[np.generic]], most: int) -> Iterator[str]:
    """Yield conditions that cut sessions by their end, the newest first, from what `ENDS` gave.

    A slice has `most` looks or fewer, unless more ended within one span.
    """
    spans, looks = found["span"].astype(np.int64), found["looks"].astype(np.int64)
    if looks.sum() <= most:
        yield ALL
        return
    upto = len(spans)
    while upto:
        behind = np.cumsum(looks[:upto][::-1])
        first = max(upto - int(np.searchsorted(behind, most, side="right")), 0)
        first = min(first, upto - 1)
        yield SOME_ENDS.format(start=spans[first] * SPAN, end=(spans[upto - 1] + 1) * SPAN)
        upto = first
