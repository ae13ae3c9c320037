"""The strongest of many found without sorting all: of a board's items, of a session's neighbours."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recommender.compiled import compiled
from recommender.evidence import Weights
from recommender.sessions import Floats, Ints, Mask

STEPS = 256
"""Equal steps from the least to the largest of many values, to find the best of them without sorting all."""


class Short(NamedTuple):
    """A short list, best first: items, and their evidence weighed and added up."""

    items: Ints
    total: Weights


@compiled
def largest_of(amounts: Weights) -> np.float32:
    """Return the largest of `amounts` ≥ 0, 0 of none."""
    # as whole numbers, in which such floats have the same order: many are compared in one step then.
    bits, largest = amounts.view(np.int32), np.zeros(1, np.int32)
    most = np.int32(0)
    for row in range(len(bits)):
        most = max(most, bits[np.uint64(row)])
    largest[0] = most
    found: np.float32 = largest.view(np.float32)[0]
    return found


@compiled
def strongest(short: Short, count: int) -> Short:
    """Return the `count` items with the highest totals ≥ 0, best first; equals keep their order."""
    items, total = short.items, short.total
    if len(items) > count:
        least, found = least_of_best(total, count), 0
        strong, strength = np.empty(len(items), np.int32), np.empty(len(items), np.float32)
        for row, amount in enumerate(total):
            strong[found], strength[found] = items[np.uint64(row)], amount
            found += amount >= least
        items, total = strong[:found], strength[:found]
    order = np.argsort(-total, kind="mergesort")[:count]
    return Short(items[order], total[order])


@compiled
def least_of_best(values: Weights | Floats, count: int) -> float:
    """Return the least of the `count` largest `values` ≥ 0; only those in one of many equal steps are sorted."""
    high = values.max()
    if not high > 0:
        return float(high)
    scale, places, steps = (STEPS - 1) / high, np.empty(len(values), np.uint8), np.zeros(STEPS, np.int32)
    for which, value in enumerate(values):
        places[which] = np.uint8(value * scale)
    for place in places:
        steps[np.uint64(place)] += 1
    above, step = 0, STEPS - 1
    while above + steps[step] < count:
        above += steps[step]
        step -= 1
    within, found = np.empty(steps[step], values.dtype), 0
    for which, value in enumerate(values):
        if places[which] == step:
            within[found] = value
            found += 1
    return float(np.sort(within)[len(within) - (count - above)])


@compiled
def first_open(order: Ints, allowed: Mask, count: int) -> Ints:
    """Return the first `count` allowed items of `order`."""
    chosen, found = np.empty(count, np.int32), 0
    for item in order:
        if found == count:
            break
        if allowed[item]:
            chosen[found] = item
            found += 1
    return chosen[:found]
