"""Sparse rows of what stands near each item, and how they speak for a session."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender.compiled import compiled
from recommender.evidence import Board, Look, Weights, latest_of
from recommender.laying import lays
from recommender.sessions import Ints


class Rows(NamedTuple):
    """Row i has `values[first[i]:first[i + 1]]` > 0 in the columns `others`."""

    first: NDArray[np.int64]
    others: Ints
    values: Weights

    @classmethod
    def strongest(cls, table: csr_array, keep: int) -> Self:
        """Return `table` with the `keep` largest entries of each row (more where the last ones tie)."""
        table = table.tocsr()
        for row in range(table.shape[0]):
            values = table.data[table.indptr[row] : table.indptr[row + 1]]
            if len(values) > keep:
                values[values < np.partition(values, -keep)[-keep]] = 0
        table.data[table.data < 0] = 0
        table.eliminate_zeros()
        return cls(table.indptr.astype(np.int64), table.indices.astype(np.int32), table.data.astype(np.float32))

    def with_rows(self, which: Ints, fresh: Rows) -> Rows:
        """Return these rows with row `which[k]` replaced by row k of `fresh`."""
        return Rows(*_replaced(self, which, fresh))

    def sparse(self) -> csr_array:
        """Return the rows as SciPy's sparse array."""
        n_items = len(self.first) - 1
        return csr_array((self.values, self.others, self.first), shape=(n_items, n_items))


class Near(NamedTuple):
    """Rows that speak in the columns `first` and the next, for the last `reach` items, as ItemToItem says."""

    rows: Rows
    reach: int
    decay: float
    first: int


@lays(Near)
@compiled
def _lay(known: Near, seen: Ints, board: Board) -> None:
    lay_rows(known, latest_of(Look(seen, known.reach, known.decay)), board)


@compiled
def lay_rows(known: Near, latest: Ints, board: Board) -> None:
    """Lay the row of the newest item in the first column, the weighted sum of all in the second."""
    # arrays under names of their own, as numba counts references to a board's at every step of a loop.
    rows, others, values = known.rows, known.rows.others, known.rows.values
    listed, row_of, size = board.listed, board.row, board.size[0]
    last, every = board.evidence[known.first], board.evidence[known.first + 1]
    for step, seen in enumerate(latest):
        weight = np.float32(known.decay**step)
        for at in range(rows.first[seen], rows.first[seen + 1]):
            item, value = np.uint64(others[np.uint64(at)]), values[np.uint64(at)]
            row = row_of[item]
            if row < 0:
                row, row_of[item], listed[size] = size, size, item
                size += 1
            if step == 0:
                last[np.uint64(row)] += value
            every[np.uint64(row)] += weight * value
    board.size[0] = size


@compiled
def loudest(rows: Rows, look: Look, items: Ints) -> Ints:
    """Return for each of `items` what of the look speaks most for it, the newest of equals; -1 for nothing."""
    who, most = np.full(len(items), -1, np.int32), np.zeros(len(items), np.float64)
    for step, seen in enumerate(latest_of(look)):
        weight = look.decay**step
        for at in range(rows.first[seen], rows.first[seen + 1]):
            for which, item in enumerate(items):
                if rows.others[at] == item and weight * rows.values[at] > most[which]:
                    who[which], most[which] = seen, weight * rows.values[at]
    return who


@compiled
def _replaced(rows: Rows, which: Ints, fresh: Rows) -> tuple[NDArray[np.int64], Ints, Weights]:
    n_rows = len(rows.first) - 1
    source = np.full(n_rows, -1, np.int32)
    for place, row in enumerate(which):
        source[row] = place
    first = np.zeros(n_rows + 1, np.int64)
    for row in range(n_rows):
        of, at = (rows, row) if source[row] < 0 else (fresh, source[row])
        first[row + 1] = first[row] + of.first[at + 1] - of.first[at]
    others, values = np.empty(first[-1], np.int32), np.empty(first[-1], np.float32)
    for row in range(n_rows):
        of, at = (rows, row) if source[row] < 0 else (fresh, source[row])
        others[first[row] : first[row + 1]] = of.others[of.first[at] : of.first[at + 1]]
        values[first[row] : first[row + 1]] = of.values[of.first[at] : of.first[at + 1]]
    return first, others, values
