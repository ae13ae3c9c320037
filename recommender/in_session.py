"""What this very session has seen, for lists that may repeat it."""

from __future__ import annotations

from typing import ClassVar, NamedTuple, Self

from recommender.compiled import compiled
from recommender.evidence import Board, Look, latest_of, row_of
from recommender.laying import lays
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

    def known(self, first: int = 0) -> Recent:
        """Return how far is looked back."""
        return Recent(self.reach, first)


class Recent(NamedTuple):
    """How many different items of the session speak."""

    reach: int
    first: int


@lays(Recent)
@compiled
def _lay(known: Recent, seen: Ints, board: Board) -> None:
    """Lay recency and count of what was seen."""
    seen = seen[max(0, len(seen) - 10 * known.reach) :]
    recency, count = board.evidence[known.first], board.evidence[known.first + 1]
    for step, item in enumerate(latest_of(Look(seen, known.reach, 1.0))):
        recency[row_of(board, item)] += 1.0 / (step + 1)
    for item in seen:
        if board.row[item] >= 0:
            count[board.row[item]] += 1
