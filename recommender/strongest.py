"""Sparse rows cut to their strongest entries, and read back for what a session has seen."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from recommender.sessions import Floats, Ints


def keep_strongest(rows: csr_array, keep: int) -> csr_array:
    """Return `rows` with only the `keep` largest entries of each row (more where the last ones tie)."""
    rows = rows.tocsr()
    for row in range(rows.shape[0]):
        values = rows.data[rows.indptr[row] : rows.indptr[row + 1]]
        if len(values) > keep:
            values[values < np.partition(values, -keep)[-keep]] = 0
    rows.eliminate_zeros()
    return rows


def fading_sum(rows: csr_array, seen: Ints, *, decay: float, reach: int) -> Floats:
    """Add up the rows of the last `reach` different items of `seen`, k steps ago weighing decay ** k."""
    result = np.zeros(rows.shape[0])
    for k, item in enumerate(list(dict.fromkeys(seen[::-1].tolist()))[:reach]):
        a, b = rows.indptr[item], rows.indptr[item + 1]
        result[rows.indices[a:b]] += decay**k * rows.data[a:b]
    return result


def strength_of(rows: csr_array, row: int, column: int) -> float:
    """Return one entry: found by hand, for indexing a sparse array costs twenty times as much."""
    a, b = rows.indptr[row], rows.indptr[row + 1]
    found = np.flatnonzero(rows.indices[a:b] == column)
    return float(rows.data[a + found[0]]) if len(found) else 0.0
