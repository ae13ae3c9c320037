"""Sessions as arrays: which items, in which order, and when each session ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Sessions:
    """Many sessions end to end.

    `items` holds item numbers (0 … n_items-1) of all sessions in order of time; session s is
    `items[starts[s]:starts[s + 1]]`; `ended` has each session's last moment in seconds; `ids` names
    the items, so item number i is `ids[i]`.
    """

    items: Ints
    starts: NDArray[np.int64]
    ended: Floats
    ids: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def n_items(self) -> int:
        """How many different items there are, tapped or not."""
        return len(self.ids)

    def __iter__(self) -> Iterator[Ints]:
        return (self.items[a:b] for a, b in pairwise(self.starts))

    @classmethod
    def from_taps(cls, taps: Iterable[tuple[str, str, float]], ids: Iterable[str]) -> Self:
        """Gather `(session, item, seconds)` in any order into sessions by time.

        `ids` names every item there is; taps of others are passed over. An item tapped twice running
        counts once. Sessions are ordered by their end.
        """
        known = tuple(dict.fromkeys(ids))
        number = {name: i for i, name in enumerate(known)}
        rows = sorted((s, t, number[i]) for s, i, t in taps if i in number)
        whole: list[tuple[float, list[int]]] = []
        for _, group in groupby(rows, key=lambda row: row[0]):
            times = list(group)
            whole.append((times[-1][1], [item for item, _ in groupby(row[2] for row in times)]))
        whole.sort(key=lambda session: session[0])
        lengths = [len(items) for _, items in whole]
        return cls(
            items=np.array([i for _, items in whole for i in items], dtype=np.int32),
            starts=np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
            ended=np.array([end for end, _ in whole], dtype=np.float64),
            ids=known,
        )
