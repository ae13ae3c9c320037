"""From evidence on a board to features of the few items worth judging: the compiled middle of the blend."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recommender.compiled import compiled
from recommender.evidence import Board, Weights
from recommender.sessions import Ints, Mask


class Short(NamedTuple):
    """A short list, best first: items, and their evidence weighed and added up."""

    items: Ints
    total: Weights


class Context(NamedTuple):
    """What is known besides the evidence: each item's trend and point, and what was seen."""

    trends: Weights
    points: Weights
    seen: Ints


@compiled
def weighed(board: Board, weights: Weights, allowed: Mask) -> Short:
    """Return the allowed items on the board in the order laid, their evidence scaled, weighed and added up."""
    listed = board.listed[: board.size[0]]
    scale = _scale(board, weights)
    kept, total = np.empty(len(listed), np.int32), np.zeros(len(listed), np.float32)
    found = 0
    for item in listed:
        if allowed[item]:
            kept[found] = item
            for column in range(len(scale)):
                total[found] += board.evidence[item, column] * scale[column]
            found += 1
    return Short(kept[:found], total[:found])


@compiled
def _scale(board: Board, weights: Weights) -> Weights:
    largest = np.full(len(weights), np.float32(1e-12))
    for item in board.listed[: board.size[0]]:
        for column in range(len(weights)):
            largest[column] = max(largest[column], board.evidence[item, column])
    return weights / largest


@compiled
def strongest(short: Short, count: int) -> Short:
    """Return the `count` items with the highest totals, best first; equals keep their order."""
    items, total = short.items, short.total
    if len(items) > count:
        strong = total >= np.partition(total, len(items) - count)[len(items) - count]
        items, total = items[strong], total[strong]
    order = np.argsort(-total, kind="mergesort")[:count]
    return Short(items[order], total[order])


@compiled
def features_of(board: Board, short: Short, context: Context) -> Weights:
    """Return one row an item: evidence as it is and scaled, trend, place, nearness, and the session's length."""
    columns, n_trends = board.evidence.shape[1], context.trends.shape[1]
    rows = np.zeros((len(short.items), 2 * columns + n_trends + 7), np.float32)
    near, far = _nearness(context, short.items)
    seen = context.seen
    for row, item in enumerate(short.items):
        rows[row, :columns] = board.evidence[item]
        rows[row, 2 * columns : 2 * columns + n_trends] = context.trends[item]
        rest = rows[row, 2 * columns + n_trends :]
        rest[0], rest[1], rest[2], rest[3] = short.total[row], row, near[row], far[row]
        rest[4], rest[5] = len(seen), board.size[0]
        rest[6] = context.trends[seen[-1], 0] if len(seen) else 0.0
    for column in range(columns):
        largest = np.float32(1e-12)
        for row in range(len(rows)):
            largest = max(largest, rows[row, column])
        rows[:, columns + column] = rows[:, column] / largest
    return rows


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
