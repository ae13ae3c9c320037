"""From evidence on a board to features of the few items worth judging: the compiled middle of the blend."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recommender.compiled import compiled
from recommender.evidence import Board, Weights
from recommender.sessions import Floats, Ints, Mask

STEPS = 256
"""Equal steps from the least to the largest of many values, to find the best of them without sorting all."""


class Short(NamedTuple):
    """A short list, best first: items, and their evidence weighed and added up."""

    items: Ints
    total: Weights


class Context(NamedTuple):
    """What is known besides evidence in the first `columns`: each item's trend and point, and what was seen."""

    columns: int
    trends: Weights
    points: Weights
    seen: Ints


@compiled
def weighed(board: Board, weights: Weights, allowed: Mask) -> Short:
    """Return the allowed items on the board in the order laid, their evidence scaled, weighed and added up."""
    listed, scale, rows = board.listed[: board.size[0]], _scale(board, weights), board.evidence
    kept, total = np.empty(len(listed), np.int32), np.zeros(len(listed), np.float32)
    found = 0
    for row, item in enumerate(listed):
        if allowed[np.uint64(item)]:
            kept[found], amount = item, np.float32(0)
            for column in range(len(scale)):
                amount += rows[np.uint64(row), np.uint64(column)] * scale[column]
            total[found] = amount
            found += 1
    return Short(kept[:found], total[:found])


@compiled
def _scale(board: Board, weights: Weights) -> Weights:
    return weights / _largest(board.evidence[: board.size[0]], len(weights))


@compiled
def _largest(rows: Weights, columns: int) -> Weights:
    """Return the largest of each of the first `columns`."""
    largest = np.full(columns, np.float32(1e-12))
    for row in range(len(rows)):
        for column in range(columns):
            value = rows[np.uint64(row), np.uint64(column)]
            largest[column] = value if value > largest[column] else largest[column]
    return largest


@compiled
def strongest(short: Short, count: int) -> Short:
    """Return the `count` items with the highest totals, best first; equals keep their order."""
    items, total = short.items, short.total
    if len(items) > count:
        strong = total >= least_of_best(total, count)
        items, total = items[strong], total[strong]
    order = np.argsort(-total, kind="mergesort")[:count]
    return Short(items[order], total[order])


@compiled
def least_of_best(values: Weights | Floats, count: int) -> float:
    """Return the least of the `count` largest `values`; only those in one of many equal steps are sorted."""
    low, high = values.min(), values.max()
    step = (high - low) / (STEPS - 1)
    if not step > 0:
        return float(low)
    places = ((values - low) / step).astype(np.int32)
    steps = np.zeros(STEPS, np.int32)
    for place in places:
        steps[place] += 1
    above, place = 0, STEPS - 1
    while above + steps[place] < count:
        above += steps[place]
        place -= 1
    return float(np.sort(values[places == place])[steps[place] - (count - above)])


@compiled
def features_of(board: Board, short: Short, context: Context) -> Weights:
    """Return one row an item: evidence as it is and scaled, trend, place, nearness, and the session's length."""
    columns, n_trends = context.columns, context.trends.shape[1]
    rows = np.zeros((len(short.items), 2 * columns + n_trends + 7), np.float32)
    near, far = _nearness(context, short.items)
    seen = context.seen
    for row, item in enumerate(short.items):
        rows[row, :columns] = board.evidence[board.row[item], :columns]
        rows[row, 2 * columns : 2 * columns + n_trends] = context.trends[item]
        rest = rows[row, 2 * columns + n_trends :]
        rest[0], rest[1], rest[2], rest[3] = short.total[row], row, near[row], far[row]
        rest[4], rest[5] = len(seen), board.size[0]
        rest[6] = context.trends[seen[-1], 0] if len(seen) else 0.0
    largest = _largest(rows, columns)
    for row in rows:
        for column in range(columns):
            row[columns + column] = row[column] / largest[column]
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
