"""Which model speaks for an item, and with which of the items seen: what a list's reasons are made of."""

from __future__ import annotations

import numpy as np

from recommender.compiled import Packed, compiled
from recommender.evidence import Look
from recommender.rows import loudest
from recommender.sessions import Ints


@compiled
def spoken_for(speakers: Packed, look: Look, items: Ints) -> tuple[Ints, Ints]:
    """Return for each item the first of the `speakers`' rows that has it, and the item seen that is loudest there.

    Both are -1 for an item nobody speaks for.
    """
    which, who = np.full(len(items), -1, np.int32), np.full(len(items), -1, np.int32)
    rows = speakers.record
    for number in range(len(rows)):
        waiting = np.flatnonzero(which < 0)
        if not len(waiting):
            break
        for place, seen in zip(waiting, loudest(rows[number], look, items[waiting])):  # noqa: B905 - numba has none
            if seen >= 0:
                which[place], who[place] = number, seen
    return which, who
