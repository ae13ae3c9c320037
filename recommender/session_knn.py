"""What the sessions most like this one went on with."""

from __future__ import annotations

from copy import copy
from typing import ClassVar, NamedTuple, Self

import numpy as np

from recommender.compiled import compiled, inlined
from recommender.evidence import Board, Look, Weights, latest_of
from recommender.laying import lays
from recommender.past import Past
from recommender.scorer import Scorer
from recommender.selection import least_of_best
from recommender.sessions import Floats, Ints, Sessions


class Sampled(NamedTuple):
    """The past with what each session and each item weighs, and how much of it is looked at."""

    past: Past
    fresh: Floats
    rarity: Floats
    sample: int
    neighbours: int
    reach: int
    decay: float
    first: int


class Neighbours(NamedTuple):
    """Sessions, how alike each is, and where in it the newest shared item stands."""

    visits: Ints
    likeness: Floats
    shared: Ints


class SessionKnn(Scorer):
    """The `neighbours` most like sessions among the newest `sample` of each item seen.

    Likeness adds up the rarity of each shared item to the power `rarity` (0 for none) times `decay ** k` for the
    item seen k steps ago, is divided by the neighbour's length to the power `length`, and halves for every
    `half_life` seconds of age (infinite for none): what V-SKNN, STAN and VSTAN weigh, each with its own values. A
    neighbour speaks for its items in five columns by where they stand after (or before) the newest item
    it shares, so that a blend can weigh direction and distance. (Sampling: VMIS-kNN, Kersbergen et al., SIGMOD
    2022; weights by position, time and distance: STAN, Garg et al., SIGIR 2019.)

    Learned: `past_`, the sessions with their index; `rarity_` (n_items,).
    """

    columns: ClassVar[tuple[str, ...]] = ("next", "soon", "later", "just_before", "before")

    def __init__(
        self,
        *,
        neighbours: int = 150,
        sample: int = 250,
        reach: int = 10,
        decay: float = 0.67,
        half_life: float = 30 * 86_400.0,
        rarity: float = 1.0,
        length: float = 0.5,
    ) -> None:
        self.neighbours = neighbours
        self.sample = sample
        self.reach = reach
        self.decay = decay
        self.half_life = half_life
        self.rarity = rarity
        self.length = length

    def fit(self, sessions: Sessions) -> Self:
        """Index the sessions; rarity is the logarithm of the share of sessions without the item."""
        self.n_items_ = sessions.n_items
        return self._know(Past.of(sessions))

    def join(self, past: Past, fresh: Sessions) -> Self:  # noqa: ARG002 - the whole past has them
        """Take `past` for what is known; all this costs is what an index of it costs."""
        return copy(self)._know(past)

    def _know(self, past: Past) -> Self:
        self.past_ = past
        rare = np.log(max(len(past.ended), 1) / np.maximum(past.taps(), 1)).clip(min=0) + 0.1
        self.rarity_ = rare**self.rarity
        newest = past.ended.max(initial=-np.inf)
        length = np.diff(past.starts)
        self.fresh_ = np.exp2((past.ended - newest) / self.half_life) / (length + 1.0) ** self.length
        return self

    def known(self, first: int = 0) -> Sampled:
        """Return the past and how its sessions are weighed."""
        sizes = self.sample, self.neighbours, self.reach
        return Sampled(self.past_, self.fresh_, self.rarity_, *sizes, self.decay, first)


@compiled
def _alike(sampled: Sampled, look: Look) -> Neighbours:
    """Return the newest sessions that share an item, with how much they share."""
    past, sample, latest = sampled.past, sampled.sample, latest_of(look)
    room = 0
    for item in latest:
        room += min(sample, past.first[item + 1] - past.first[item])
    visits, weights, shared = np.empty(room, np.int32), np.zeros(room, np.float64), np.empty(room, np.int32)
    slots = np.full(1 << int(np.ceil(np.log2(2 * room + 2))), -1, np.int32)
    last, found = np.uint64(len(slots) - 1), 0
    first, session, place = past.first, past.session, past.place
    for step, item in enumerate(latest):
        weight = sampled.rarity[item] * look.decay**step
        before = np.int32(-1)
        for at in range(first[item], min(first[item] + sample, first[item + 1])):
            visit = session[np.uint64(at)]
            # a hash table with open places; everything unsigned, so that numba never counts from the end.
            slot = (np.uint64(visit) * np.uint64(40503)) & last
            while slots[slot] >= 0 and visits[np.uint64(slots[slot])] != visit:
                slot = (slot + np.uint64(1)) & last
            if slots[slot] < 0:
                slots[slot], visits[found], shared[found] = found, visit, place[np.uint64(at)]
                found += 1
            if visit != before:
                weights[np.uint64(slots[slot])] += weight
            before = visit
    return Neighbours(visits[:found], weights[:found], shared[:found])


@compiled
def _nearest(sampled: Sampled, found: Neighbours) -> Neighbours:
    visits, likeness, shared = found.visits, found.likeness, found.shared
    for which, visit in enumerate(visits):
        likeness[which] *= sampled.fresh[np.uint64(visit)]
    if len(likeness) <= sampled.neighbours:
        return found
    least, kept = least_of_best(likeness, sampled.neighbours), 0
    for which, alike in enumerate(likeness):
        if alike >= least:
            visits[kept], likeness[kept], shared[kept] = visits[which], alike, shared[which]
            kept += 1
    return Neighbours(visits[:kept], likeness[:kept], shared[:kept])


@lays(Sampled)
@compiled
def _lay(known: Sampled, seen: Ints, board: Board) -> None:
    _lay_nearest(known, _nearest(known, _alike(known, Look(seen, known.reach, known.decay))), board)


class Spread(NamedTuple):
    """A board and the items laid on it, each array in one piece; `width` of a column."""

    items: Ints
    evidence: Weights
    width: int
    listed: Ints
    size: Ints
    row: Ints


class Stretch(NamedTuple):
    """Places `start` to `end` of all past items, which count `amount` in one column."""

    start: int
    end: int
    column: int
    amount: np.float32


@compiled
def _lay_nearest(sampled: Sampled, found: Neighbours, board: Board) -> None:
    visits, likeness, shared = found
    starts, first = sampled.past.starts, sampled.first
    spread = Spread(
        sampled.past.items, board.evidence.ravel(), board.evidence.shape[1], board.listed, board.size, board.row
    )
    for which, visit in enumerate(visits):
        amount, start, end = np.float32(likeness[which]), starts[visit], starts[visit + 1]
        here = start + shared[which]
        _lay_stretch(spread, Stretch(start, max(start, here - 2), first + 4, amount))
        _lay_stretch(spread, Stretch(max(start, here - 2), here, first + 3, amount))
        _lay_stretch(spread, Stretch(here + 1, min(end, here + 2), first, amount))
        _lay_stretch(spread, Stretch(here + 2, min(end, here + 4), first + 1, amount))
        _lay_stretch(spread, Stretch(here + 4, end, first + 2, amount))


@inlined
def _lay_stretch(spread: Spread, stretch: Stretch) -> None:
    # arrays under names of their own, as numba counts references to a record's at every step of a loop.
    items, evidence, listed, row_of = spread.items, spread.evidence, spread.listed, spread.row
    column, amount, size = np.uint64(stretch.column * spread.width), stretch.amount, spread.size[0]
    for at in range(stretch.start, stretch.end):
        item = np.uint64(items[np.uint64(at)])
        row = row_of[item]
        if row < 0:
            row, row_of[item], listed[size] = size, size, item
            size += 1
        evidence[column + np.uint64(row)] += amount
    spread.size[0] = size
