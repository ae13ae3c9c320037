"""A shop's wishes on a judged list: pin, boost, price, hidden products, variety, and a chance for new ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recommender.evidence import Weights
from recommender.sessions import Floats, Ints


@dataclass(frozen=True)
class Wishes:
    """What a shop wants of its lists; arrays are (n_items,), and none of this outvotes `allowed`.

    `boost`: log-odds added to an item (a promotion; 0.7 doubles its odds). `hidden`: 0 for what everybody
    sees to 1 for what the shop hides; it adds up to `visibility` log-odds, as far as the list still keeps
    1 - `visibility_cost` of the hits it expects. `log_prices` and `price_weight`: log-odds taken off for
    each tenfold distance from the prices looked at. `diversity`, 0 to 1: how much likeness to what the
    list already holds takes off (MMR: Carbonell & Goldstein, SIGIR 1998). `pinned` items come first.
    `fresh` items, tapped by nobody yet, get the last place of a share `exploration` of the lists.
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


@dataclass(frozen=True)
class Judged:
    """Items that may be listed with their log-odds, best first."""

    items: Ints
    scores: Floats

    def sorted(self) -> Judged:
        """Return it best first again; equals keep their order."""
        order = np.argsort(-self.scores, kind="stable")
        return Judged(self.items[order], self.scores[order])


def wished(judged: Judged, wishes: Wishes, *, seen: Ints, count: int) -> Judged:
    """Return the list with boosts, prices and hidden products taken into account, all of `judged` still in it."""
    scores = judged.scores.copy()
    if wishes.boost is not None:
        scores += wishes.boost[judged.items]
    if wishes.log_prices is not None and len(seen):
        scores -= wishes.price_weight * np.abs(wishes.log_prices[judged.items] - wishes.log_prices[seen].mean())
    judged = Judged(judged.items, scores).sorted()
    return judged if wishes.hidden is None else surfaced(judged, wishes.hidden, wishes, count=count)


def surfaced(judged: Judged, hidden: Floats, wishes: Wishes, *, count: int) -> Judged:
    """Return the list with hidden products raised, at most at the cost stated.

    The raise is halved until the first `count` keep 1 - `visibility_cost` of the hits they were expected to
    get (a softmax of the log-odds), and given up where even a small one costs more.
    """
    odds = np.exp(judged.scores - judged.scores.max(initial=-np.inf))
    worth_keeping = odds[:count].sum() * (1 - wishes.visibility_cost)
    for halvings in range(6):
        scores = judged.scores + hidden[judged.items] * wishes.visibility / 2**halvings
        order = np.argsort(-scores, kind="stable")
        if odds[order[:count]].sum() >= worth_keeping:
            return Judged(judged.items[order], scores[order])
    return judged


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
