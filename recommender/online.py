"""Two models judged by live taps: interleaved lists, and replay of what was shown with its propensity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recommender.evaluation import mean_and_error
from recommender.sessions import Floats, Ints


def interleaved(one: Ints, other: Ints, *, count: int, luck: np.random.Generator) -> tuple[Ints, Ints]:
    """Return a list drawn from two in turns, and for each place whose pick it was (0 or 1).

    In each round a coin says who picks first, and each picks its best item not yet drawn; taps on either's
    picks then vote without bias. (Team-draft interleaving: Radlinski et al., CIKM 2008.)
    """
    waiting = ([int(item) for item in one], [int(item) for item in other])
    drawn: list[int] = []
    teams: list[int] = []
    while len(drawn) < count and any(waiting):
        first = int(luck.integers(2))
        for team in (first, 1 - first):
            left = [item for item in waiting[team] if item not in drawn]
            if left and len(drawn) < count:
                drawn.append(left.pop(0))
                teams.append(team)
            waiting[team][:] = left
    return np.array(drawn, dtype=np.int32), np.array(teams, dtype=np.int32)


def replayed(taps: Sequence[float], propensities: Sequence[float], agreed: Sequence[bool]) -> tuple[float, float]:
    """Return the taps per list that a model would have got had its lists been shown, and the standard error.

    `taps` each shown list got, the `propensities` > 0 with which it was shown, and whether the model `agreed`,
    that is would have shown the same. (Inverse propensity, self-normalised: Swaminathan & Joachims, NeurIPS 2015.)
    """
    weights: Floats = np.asarray(agreed, dtype=np.float64) / np.asarray(propensities, dtype=np.float64)
    if not weights.sum():
        return 0.0, 0.0
    weights /= weights.mean()
    mean, _ = mean_and_error(weights * np.asarray(taps))
    return mean, mean_and_error(weights * (np.asarray(taps) - mean))[1]
