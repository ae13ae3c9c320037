"""Training and validation by time, for scikit-learn's searches: nobody learns from tomorrow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.sessions import Sessions

Rows = NDArray[np.int64]


class LastDays:
    """Splits whose validation part is a window of `seconds`; training is all before it."""

    def __init__(self, n_splits: int = 1, seconds: float = 86_400.0) -> None:
        self.n_splits = n_splits
        self.seconds = seconds

    def get_n_splits(self, *_: Any, **__: Any) -> int:
        """Return how many splits there are."""
        return self.n_splits

    def split(self, X: Sessions, *_: Any, **__: Any) -> Iterator[tuple[Rows, Rows]]:  # noqa: N803 - scikit-learn's name
        """Give positions of training and validation sessions, the oldest window first.

        Raises ValueError where a window, or what lies before it, has no session.
        """
        newest = X.ended.max(initial=0.0)
        for back in range(self.n_splits, 0, -1):
            border, end = newest - back * self.seconds, newest - (back - 1) * self.seconds
            before = np.flatnonzero(X.ended <= border)
            within = np.flatnonzero((X.ended > border) & (X.ended <= end))
            if not len(before) or not len(within):
                msg = f"window {back} of {self.seconds:.0f} s from the end has no sessions in it or before it"
                raise ValueError(msg)
            yield before, within
