"""A shop's wishes on a judged list: pin, boost, price, hidden products, variety, and a chance for new ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from zlib import crc32

import numpy as np

from recommender.evidence import Weights
from recommender.sessions import Floats, Ints, Mask
from recommender.wish_scores import NONE, Shelf, boosted

COUNTED = 20
"""The first items of a list, whose hits are what hidden products may cost: as in HR@20."""

HALF = 0.5
MOST_HIDDEN = 0.98
"""A product more hidden than this is raised no further."""


@dataclass(frozen=True, eq=False)
class Wishes:
    """What a shop wants of its lists; arrays are (n_items,), and none of this outvotes `allowed`.

    Two are equal only where they are one and the same: keep one for as long as the shop's wishes stand.

    `boost`: log-odds added to an item (a promotion; 0.7 doubles its odds). `hidden`: the share of its taps that
    an item loses by where it stands (see `hidden_of`); those that lose over half get them back times `visibility`,
    as far as the first 20 of all lists together keep 1 - `visibility_cost` of the hits they expect.
    `log_prices` and `price_weight`: log-odds taken off for each tenfold distance from the prices looked at.
    `diversity`, 0 to 1: how much likeness to what the list already holds takes off (MMR: Carbonell & Goldstein,
    SIGIR 1998). `pinned` items come first. `fresh` items, tapped by nobody yet, get the last place of a share
    `exploration` of the lists.
    """

    boost: Floats | None = None
    hidden: Floats | None = None
    visibility: float = 1.0
    visibility_cost: float = 0.02
    log_prices: Floats | None = None
    price_weight: float = 0.0
    diversity: float = 0.0
    pinned: tuple[int, ...] = ()
    fresh: tuple[int, ...] = ()
    exploration: float = 0.0

    @cached_property
    def well_hidden(self) -> Mask | None:
        """Items that lose more than half of their taps, so that a short list made from taps passes them over."""
        return None if self.hidden is None else self.hidden > HALF

    @cached_property
    def raises(self) -> Floats:
        """The log-odds that well hidden items lose by where they stand."""
        hidden = np.zeros(0) if self.hidden is None else self.hidden
        return np.where(hidden > HALF, -np.log1p(-np.minimum(hidden, MOST_HIDDEN)), 0.0)


@dataclass(frozen=True)
class Judged:
    """Items that may be listed with their log-odds, best first; `last_share` of a list's hits its 20th gets."""

    items: Ints
    scores: Floats
    last_share: float = 1 / COUNTED


NO_WISHES = Wishes()


def arranged(judged: Judged, wishes: Wishes, points: Weights, *, seen: Ints, count: int) -> Ints:
    """Return at least the first `count` of `judged` with all wishes fulfilled that put items in another order."""
    best = wished(judged, wishes, seen=seen, count=count)
    return varied(best, points, diversity=wishes.diversity, count=max(count, len(best.items)))


def wished(judged: Judged, wishes: Wishes, *, seen: Ints, count: int) -> Judged:
    """Return the list with boosts, prices and hidden products taken into account, all of `judged` still in it."""
    if wishes.boost is None and wishes.log_prices is None and wishes.hidden is None:
        return judged  # best first it is already
    boost, logs = (NONE if one is None else one for one in (wishes.boost, wishes.log_prices))
    items, scores = boosted(judged.items, judged.scores, Shelf(boost, logs, wishes.price_weight, seen))
    judged = Judged(items, scores, judged.last_share)
    return judged if wishes.hidden is None else surfaced(judged, wishes, seen=seen, count=count)


def surfaced(judged: Judged, wishes: Wishes, *, seen: Ints, count: int) -> Judged:
    """Return the list with well hidden products raised by the taps their places cost them, at the cost stated.

    Among the first 20 (or `count`) they move freely: these keep their hits. If the best from further down would
    be shown, it pushes out the last of them, in so many lists, drawn by a hash of `seen`, that the hits given up,
    taking its own for nothing, are `visibility_cost` of all. (Inverse propensity: Schnabel et al., ICML 2016.)
    """
    raised = judged.scores + wishes.visibility * wishes.raises[judged.items]
    first = max(count, COUNTED)
    within = np.arange(len(raised)) < first
    shown = np.argsort(-raised, kind="stable")[:count]
    newcomers = shown[~within[shown] & (raised[shown] > judged.scores[shown])]
    if len(newcomers) and _drawn(seen) * judged.last_share < wishes.visibility_cost:
        within[newcomers[0]], within[first - 1] = True, False
    order = np.lexsort((-np.where(within, raised, judged.scores), ~within))
    return replace(judged, items=judged.items[order], scores=judged.scores[order])


def _drawn(seen: Ints) -> float:
    """Return a number of 0 … 1 that looks like luck, and is the same for the same history."""
    return crc32(np.asarray(seen, dtype=np.int32).tobytes()) / 2**32


def varied(judged: Judged, points: Weights, *, diversity: float, count: int) -> Ints:
    """Return `count` items, each the best when likeness to those before it is taken off.

    Scores are brought to 0 … 1 by the list's best and worst, likeness is the cosine of `points`.
    """
    if not diversity or len(judged.items) <= 1:
        return judged.items[:count]
    spread = max(float(np.ptp(judged.scores)), 1e-12)
    worth = (1 - diversity) * (judged.scores - judged.scores.min()) / spread
    own, nearest = points[judged.items], np.zeros(len(judged.items))
    chosen: list[int] = []
    for _ in range(min(count, len(judged.items))):
        best = int(np.argmax(worth - diversity * nearest))
        chosen.append(best)
        worth[best] = -np.inf
        nearest = np.maximum(nearest, own @ own[best])
    return judged.items[chosen]


def explored(listed: Ints, fresh: Ints, wishes: Wishes, *, luck: np.random.Generator) -> tuple[Ints, float]:
    """Return the list, perhaps with a fresh item in its last place, and with what chance it came out so."""
    fresh = fresh[~np.isin(fresh, listed)]
    if not len(fresh) or not len(listed) or not wishes.exploration:
        return listed, 1.0
    if luck.random() >= wishes.exploration:
        return listed, 1 - wishes.exploration
    return np.append(listed[:-1], luck.choice(fresh)), wishes.exploration / len(fresh)
