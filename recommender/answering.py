"""One question answered in one compiled stretch: short list, features, trees, and a list filled to its length."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from recommender.compiled import Packed, compiled
from recommender.evidence import Board, Weights, wipe
from recommender.forest import Forest
from recommender.history import Customer, Histories, lay_past
from recommender.judging import judge
from recommender.laying import lay_all
from recommender.ranking import Context, features_of, weighed
from recommender.selection import Short, first_open, largest_of, strongest
from recommender.sessions import Floats, Ints, Mask

NEW_FROM = 20
"""Length from which a list gives its last place to an item nobody has tapped yet, if some model knows one."""

HISTORY_COUNTS = 2.0
"""Log-odds that the strongest of a customer's history adds, times its weight."""


class Learned(NamedTuple):
    """What a blend knows besides its models; a `forest` without trees leaves the order to the weights.

    The trees know the first `columns`; what lies in those after them, a customer's history, is added to their sum.
    """

    columns: int
    weights: Weights
    trends: Weights
    points: Weights
    popular_first: Ints
    forest: Forest


class Evident(NamedTuple):
    """What evidence is laid from: a record of each model, and what customers' histories speak for."""

    models: tuple[Any, ...]
    history: Histories


class Visit(NamedTuple):
    """Items seen, oldest first, and by whom."""

    seen: Ints
    customer: Customer


class Asked(NamedTuple):
    """A question: items `seen`, those that may be listed, how many to judge and to list.

    Of the `also` items (n_items, or none) half as many as are judged come in addition. What was seen is not
    listed again where the question is `novel`.
    """

    seen: Ints
    allowed: Mask
    also: Mask
    judged: int
    listed: int
    novel: bool


@compiled
def opened(allowed: Mask, seen: Ints) -> Mask:
    """Return a copy of `allowed` without what was seen."""
    left = allowed.copy()
    for item in seen:
        left[item] = False
    return left


@compiled
def lay_evidence(evident: Packed, visit: Visit, board: Packed) -> None:
    """Lay what all models know about what goes with a visit."""
    known, on = evident.record, board.record
    lay_all(known.models, _heard_of(visit.seen, on), on)
    lay_past(known.history, visit.customer, on)


@compiled
def _heard_of(seen: Ints, board: Board) -> Ints:
    return seen[(seen >= 0) & (seen < len(board.row))]


@compiled
def _open(asked: Asked, board: Board) -> Asked:
    """Return the question without items nobody knows, and with what may be listed and nothing else allowed."""
    seen = _heard_of(asked.seen, board)
    allowed = opened(asked.allowed, seen if asked.novel else seen[:0])
    return Asked(seen, allowed, asked.also, asked.judged, asked.listed, asked.novel)


@compiled
def features_on(board: Packed, learned: Packed, asked: Asked) -> tuple[Ints, Weights]:
    """Return the items judged by the evidence laid, which is wiped off, and a column of features for each."""
    on = board.record
    short, features = short_list(on, learned.record, _open(asked, on))
    wipe(on)
    return short.items, features[:, : len(short.items)]


@compiled
def judged_on(board: Packed, learned: Packed, asked: Asked) -> tuple[Ints, Floats]:
    """Return the items worth judging by the evidence laid, which is wiped off, with their log-odds, best first."""
    on = board.record
    items, scores = _judged(on, learned.record, _open(asked, on))
    wipe(on)
    return items, scores


@compiled
def short_list(board: Board, learned: Learned, asked: Asked) -> tuple[Short, Weights]:
    """Return the items worth judging, best first by their weighed sum, with a column of features for each."""
    listed = weighed(board, learned.weights, asked.allowed)
    short = strongest(listed, asked.judged)
    if len(asked.also):
        more = strongest(_besides(listed, short, asked.also), asked.judged // 2)
        short = Short(np.concatenate((short.items, more.items)), np.concatenate((short.total, more.total)))
    return short, features_of(board, short, Context(learned.columns, learned.trends, learned.points, asked.seen))


@compiled
def _besides(listed: Short, short: Short, also: Mask) -> Short:
    in_short = set(short.items)
    wanted = np.array([also[item] and item not in in_short for item in listed.items], dtype=np.bool_)
    return Short(listed.items[wanted], listed.total[wanted])


@compiled
def _judged(board: Board, learned: Learned, asked: Asked) -> tuple[Ints, Floats]:
    short, features = short_list(board, learned, asked)
    scores = short.total.astype(np.float64)
    if len(learned.forest.feature) and len(asked.seen):  # the trees have never learned from an empty session
        scores = judge(learned.forest, features)[: len(short.items)]
        scores += _history_of(board, learned, short)
    order = np.argsort(-scores, kind="mergesort")
    return short.items[order], scores[order]


@compiled
def _history_of(board: Board, learned: Learned, short: Short) -> Floats:
    spoken = np.zeros(len(short.items))
    for column in range(learned.columns, len(learned.weights)):
        largest = largest_of(board.evidence[column, : board.size[0]])
        if largest > 0:
            for row, item in enumerate(short.items):
                share = board.evidence[column, board.row[item]] / largest
                spoken[row] += HISTORY_COUNTS * learned.weights[column] * share
    return spoken


@compiled
def listed_on(board: Packed, learned: Packed, asked: Asked) -> Ints:
    """Return the best by the evidence laid, a long list's last one new if some model knows one, filled up."""
    on, known = board.record, learned.record
    asked = _open(asked, on)
    items, _ = _judged(on, known, asked)
    wipe(on)
    best = items[: asked.listed].copy()
    if len(best) == asked.listed >= NEW_FROM:
        _end_with_a_new_one(best, items, known.trends)
    if len(best) == asked.listed:
        return best
    left = opened(asked.allowed, best)
    return np.concatenate((best, first_open(known.popular_first, left, asked.listed - len(best))))


@compiled
def _end_with_a_new_one(best: Ints, items: Ints, trends: Weights) -> None:
    for place, item in enumerate(items):
        if trends[item, 0] == 0:
            if place >= len(best):
                best[-1] = item
            return
