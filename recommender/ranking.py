"""From evidence on a board to features of the few items worth judging: the compiled middle of the blend."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recommender.compiled import compiled
from recommender.evidence import Board, Weights
from recommender.judging import room_for
from recommender.selection import Short, largest_of
from recommender.sessions import Ints, Mask

LEAST = np.float32(1e-12)
"""What a column is divided by at least."""


class Context(NamedTuple):
    """What is known besides evidence in the first `columns`: each item's trend and point, and what was seen."""

    columns: int
    trends: Weights
    points: Weights
    seen: Ints


@compiled
def weighed(board: Board, weights: Weights, allowed: Mask) -> Short:
    """Return the allowed items on the board in the order laid, their evidence scaled, weighed and added up."""
    listed = board.listed[: board.size[0]]
    every = np.zeros(len(listed), np.float32)
    for column, weight in enumerate(weights):
        amounts = board.evidence[column, : board.size[0]]
        largest = largest_of(amounts)
        if largest > 0:
            _add(every, amounts, weight / max(largest, LEAST))
    kept, found = np.empty(len(listed), np.int32), 0
    for row, item in enumerate(listed):
        kept[found], every[found] = item, every[np.uint64(row)]
        found += allowed[np.uint64(item)]
    return Short(kept[:found], every[:found])


@compiled
def _add(every: Weights, amounts: Weights, scale: np.float32) -> None:
    for row in range(len(amounts)):
        every[np.uint64(row)] += amounts[np.uint64(row)] * scale


@compiled
def features_of(board: Board, short: Short, context: Context) -> Weights:
    """Return a column an item: evidence as it is and scaled, trend, place, nearness, and the session's length.

    It is as wide as trees are asked, with nothing in the columns beyond the last item.
    """
    columns, n_trends, items = context.columns, context.trends.shape[1], short.items
    features = np.zeros((2 * columns + n_trends + 7, room_for(len(items))), np.float32)
    _lay_evidence(board, items, features[: 2 * columns])
    for row, item in enumerate(items):
        for trend in range(n_trends):
            features[2 * columns + trend, row] = context.trends[item, trend]
    near, far = _nearness(context, items)
    seen, rest = context.seen, features[2 * columns + n_trends :, : len(items)]
    rest[0], rest[1], rest[2], rest[3] = short.total, np.arange(len(items)), near, far
    rest[4], rest[5] = len(seen), board.size[0]
    rest[6] = context.trends[seen[-1], 0] if len(seen) else 0.0
    return features


@compiled
def _lay_evidence(board: Board, items: Ints, features: Weights) -> None:
    """Lay each item's evidence as it is, and then by the largest of these items."""
    columns, rows = len(features) // 2, board.row[items]
    for column in range(columns):
        amounts, laid, scaled = board.evidence[column], features[column], features[columns + column]
        for place, row in enumerate(rows):
            laid[np.uint64(place)] = amounts[np.uint64(row)]
        largest = max(largest_of(laid), LEAST)
        for place in range(len(laid)):
            scaled[np.uint64(place)] = laid[np.uint64(place)] / largest


@compiled
def _nearness(context: Context, items: Ints) -> tuple[Weights, Weights]:
    """Return the cosine of each item with the last one seen, and with the fading sum of the last eight."""
    points, seen = context.points, context.seen
    last, mean = np.zeros(points.shape[1], np.float32), np.zeros(points.shape[1], np.float32)
    for step in range(min(8, len(seen))):
        point = points[seen[len(seen) - 1 - step]]
        mean += point * np.float32(0.67**step)
        if step == 0:
            last += point
    mean /= np.float32(max(np.sqrt((mean * mean).sum()), 1e-9))
    candidates = points[items]
    return np.dot(candidates, last), np.dot(candidates, mean)
