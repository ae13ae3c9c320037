"""What this very session has seen, for lists that may repeat it."""

from __future__ import annotations

from typing import ClassVar, Self

from recommender.compiled import compiled
from recommender.evidence import Board, Look, latest_of, row_of
from recommender.scorer import Scorer
from recommender.sessions import Ints, Sessions


class InSession(Scorer):
    """The session's own items: one over how many different items ago, and how often lately.

    Parameters: `reach`, how many different items, and ten times as many taps, are looked back at.
    """

    columns: ClassVar[tuple[str, ...]] = ("recency", "count")

    def __init__(self, *, reach: int = 20) -> None:
        self.reach = reach

    def fit(self, sessions: Sessions) -> Self:
        """Learn nothing but how many items there are."""
        self.n_items_ = sessions.n_items
        return self

    def lay(self, seen: Ints, board: Board) -> None:
        """Lay recency and count of what was seen."""
        _lay(Look(seen[-10 * self.reach :], self.reach, 1.0), board)


@compiled
def _lay(look: Look, board: Board) -> None:
    for step, item in enumerate(latest_of(look)):
        board.evidence[board.first, row_of(board, item)] += 1.0 / (step + 1)
    for item in look.seen:
        if board.row[item] >= 0:
            board.evidence[board.first + 1, board.row[item]] += 1
