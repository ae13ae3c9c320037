"""Where models lay down what speaks for each item, column by column, for one list."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.compiled import compiled
from recommender.sessions import Ints, Mask

Weights = NDArray[np.float32]


class Board(NamedTuple):
    """`evidence` (n_items, n_columns) ≥ 0; the first `size[0]` of `listed` are the items that have any.

    A model lays its columns from `first` on. A board is room to work in, used again for every list; one
    thread has it at a time.
    """

    evidence: Weights
    listed: Ints
    size: Ints
    known: Mask
    first: int

    @classmethod
    def of(cls, n_items: int, n_columns: int) -> Board:
        """Return an empty board."""
        evidence = np.zeros((n_items, n_columns), dtype=np.float32)
        listed, size = np.zeros(n_items, dtype=np.int32), np.zeros(1, dtype=np.int32)
        return cls(evidence, listed, size, np.zeros(n_items, dtype=np.bool_), 0)


class Look(NamedTuple):
    """How a model looks at a session: at its last `reach` different items, the one k ago counting `decay ** k`."""

    seen: Ints
    reach: int
    decay: float


@compiled
def mark(board: Board, item: int) -> None:
    """Note that something speaks for `item`; to be called before its evidence is raised."""
    if not board.known[item]:
        board.known[item] = True
        board.listed[board.size[0]] = item
        board.size[0] += 1


@compiled
def wipe(board: Board) -> None:
    """Take everything off, at the cost of what was on it and not of all items."""
    for place in range(board.size[0]):
        item = board.listed[place]
        board.known[item] = False
        board.evidence[item, :] = 0
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
