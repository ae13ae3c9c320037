"""The finished index: sessions, and the newest sessions of each item, as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.sessions import Sessions

Columns = Mapping[str, NDArray[np.generic]]


@dataclass(frozen=True)
class Index:
    """Sessions, and of item i the newest sessions, newest first: `recent[first[i]:first[i + 1]]`."""

    sessions: Sessions
    recent: NDArray[np.int32]
    first: NDArray[np.int64]


def gathered(results: Mapping[str, Columns], ids: Sequence[str]) -> Index:
    """Return the index of what the plan's `RESULTS` gave, by name; `ids` names the items by number."""
    ended, taken, recent = results["session"]["ended"], results["taken"], results["recent"]
    sessions = Sessions(
        items=taken["item"].astype(np.int32),
        starts=_starts(taken["session"], len(ended)),
        ended=ended.astype(np.float64),
        ids=tuple(ids),
    )
    return Index(sessions, recent["session"].astype(np.int32), _starts(recent["item"], len(ids)))


def _starts(groups: NDArray[np.generic], count: int) -> NDArray[np.int64]:
    """Return where each of `count` groups begins in a column sorted by group, and the end."""
    return np.searchsorted(groups, np.arange(count + 1)).astype(np.int64)
