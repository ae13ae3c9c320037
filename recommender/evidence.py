"""Where models lay down what speaks for each item, column by column, for one list."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.compiled import compiled
from recommender.sessions import Ints

Weights = NDArray[np.float32]


class Board(NamedTuple):
    """The first `size[0]` of `listed` are the items that have any evidence, ≥ 0, each a row of it.

    `evidence` is (n_columns, n_items), so that a column lies in one piece and many rows are weighed at once. `row`
    (n_items,) says which row an item has, -1 for none: rows come in the order items did, as most of a list's time
    would go by waiting for memory. A board is room to work in, used again for every list; one thread has it at
    a time.
    """

    evidence: Weights
    listed: Ints
    size: Ints
    row: Ints

    @classmethod
    def of(cls, n_items: int, n_columns: int) -> Board:
        """Return an empty board."""
        evidence = np.zeros((n_columns, n_items), dtype=np.float32)
        listed, size = np.zeros(n_items, dtype=np.int32), np.zeros(1, dtype=np.int32)
        return cls(evidence, listed, size, np.full(n_items, -1, dtype=np.int32))


class Look(NamedTuple):
    """How a model looks at a session: at its last `reach` different items, the one k ago counting `decay ** k`."""

    seen: Ints
    reach: int
    decay: float


@compiled
def row_of(board: Board, item: int) -> int:
    """Return the row of `item`, a new one where nothing has spoken for it yet."""
    row = int(board.row[item])
    if row < 0:
        row = int(board.size[0])
        board.row[item], board.listed[row] = row, item
        board.size[0] += 1
    return row


@compiled
def wipe(board: Board) -> None:
    """Take everything off, at the cost of what was on it and not of all items."""
    for item in board.listed[: board.size[0]]:
        board.row[item] = -1
    board.evidence[:, : board.size[0]] = 0
    board.size[0] = 0


@compiled
def latest_of(look: Look) -> Ints:
    """Return the last different items of a session, the newest first."""
    latest = np.empty(min(look.reach, len(look.seen)), dtype=np.int32)
    found = 0
    for place in range(len(look.seen) - 1, -1, -1):
        if found == len(latest):
            break
        if not _among(latest[:found], look.seen[place]):
            latest[found] = look.seen[place]
            found += 1
    return latest[:found]


@compiled
def _among(items: Ints, item: int) -> bool:
    for other in items:  # noqa: SIM110 - numba compiles no generators
        if other == item:
            return True
    return False
