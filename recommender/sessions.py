"""Sessions as arrays: which items, in which order, and when each session ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Sessions:
    """Many sessions end to end, the one that ended first at the front.

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

    @property
    def shape(self) -> tuple[int]:
        """One dimension, so that scikit-learn's search takes sessions as rows."""
        return (len(self),)

    def __iter__(self) -> Iterator[Ints]:
        return (self.items[a:b] for a, b in pairwise(self.starts))

    def __getitem__(self, which: Any) -> Self:
        """Return the sessions of a slice, or of positions in rising order (scikit-learn adds an ellipsis)."""
        rows = np.arange(len(self))[which[0] if isinstance(which, tuple) else which]
        lengths = np.diff(self.starts)[rows]
        starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        taken = np.arange(starts[-1]) + np.repeat(self.starts[rows] - starts[:-1], lengths)
        return type(self)(self.items[taken], starts, self.ended[rows], self.ids)

    @classmethod
    def from_taps(cls, taps: Iterable[tuple[str, str, float]], ids: Iterable[str]) -> Self:
        """Gather `(session, item, seconds)` in any order into sessions by time.

        `ids` names every item there is; taps of others are passed over. An item tapped twice running
        counts once.
        """
        known = tuple(dict.fromkeys(ids))
        number = {name: i for i, name in enumerate(known)}
        rows = sorted((s, t, number[i]) for s, i, t in taps if i in number)
        last_of_run = [(a[0], a[2]) != (b[0], b[2]) for a, b in pairwise(rows)] + [True] * bool(rows)
        kept = list(compress(rows, last_of_run))
        visits, times, items = zip(*kept, strict=True) if kept else ((), (), ())
        return cls.from_rows(np.array(visits, dtype=np.str_), np.array(items), np.array(times), ids=known)

    @classmethod
    def from_rows(
        cls, session: NDArray[Any], item: NDArray[Any], seconds: NDArray[Any], *, ids: Sequence[str]
    ) -> Self:
        """Gather one row a tap (a session's name, an item's number, seconds), in any order.

        Taps of one moment stay in the order they came in, and repeated taps stay.
        """
        _, visit = np.unique(session, return_inverse=True)
        ended = np.full(visit.max(initial=-1) + 1, -np.inf)
        np.maximum.at(ended, visit, seconds)
        place = np.empty(len(ended), dtype=np.int64)
        place[np.argsort(ended, kind="stable")] = np.arange(len(ended))
        order = np.lexsort((seconds, place[visit]))
        starts = np.concatenate(([0], np.cumsum(np.bincount(place[visit], minlength=len(ended)))))
        return cls(item[order].astype(np.int32), starts.astype(np.int64), np.sort(ended), tuple(ids))

    def followed_by(self, fresh: Sessions) -> Self:
        """Return these sessions and `fresh` ones over the same items, in order of their end."""
        ended = np.concatenate((self.ended, fresh.ended))
        starts = np.concatenate((self.starts, fresh.starts[1:] + self.starts[-1]))
        both = type(self)(np.concatenate((self.items, fresh.items)), starts, ended, self.ids)
        return both[np.argsort(ended, kind="stable")]
