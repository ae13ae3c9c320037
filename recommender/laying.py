"""How what models know comes to lie on a board: one loop for each kind of record, chosen when all is compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from recommender.compiled import by_kind, compiled, each
from recommender.evidence import Board
from recommender.sessions import Ints

Lay = TypeVar("Lay", bound=Callable[..., None])

_LOOPS: dict[type, Callable[..., None]] = {}


def lays(kind: type) -> Callable[[Lay], Lay]:
    """Let the decorated `(known, seen, board)` lay what records of `kind` know, from their column `first` on."""

    def kept(loop: Lay) -> Lay:
        _LOOPS[kind] = loop
        return loop

    return kept


def _lay(known: Any, seen: Ints, board: Board) -> None:
    """Stand for the loop of the record's kind."""
    raise NotImplementedError


by_kind(_lay, _LOOPS)


@compiled
def lay_all(known: tuple[Any, ...], seen: Ints, board: Board) -> None:
    """Lay what every record knows about what goes with `seen`, in order."""
    for one in each(known):
        _lay(one, seen, board)


def still(record: Any) -> Any:
    """Return a record with arrays nobody may write to: compiled once for fitted, joined and loaded models."""
    if isinstance(record, np.ndarray):
        view = np.ascontiguousarray(record).view()
        view.flags.writeable = False
        return view
    if isinstance(record, tuple):
        parts = [still(part) for part in record]
        return type(record)(*parts) if hasattr(record, "_fields") else tuple(parts)
    return record
