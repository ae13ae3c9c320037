"""Which sessions are held back to learn from, and what they teach: next taps among short lists."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from recommender.evidence import Weights
from recommender.sessions import Ints, Mask, Sessions

PASSED_OVER = 12
"""Items of a short list, besides the one tapped next, that a lesson keeps."""

MOST_WINDOWS = 3

Shortlist = Callable[[Ints], tuple[Ints, Weights]]


def held_back(sessions: Sessions, most: int) -> tuple[Sessions, Sessions]:
    """Return the sessions without the newest tenth, and that tenth or its newest part of about `most` taps."""
    border = len(sessions) - max(1, len(sessions) // 10)
    border = max(border, int(np.searchsorted(sessions.starts, sessions.starts[-1] - most)))
    return sessions[:border], sessions[border:]


def windows_of(sessions: Sessions, most: int) -> list[tuple[Sessions, Sessions]]:
    """Return what lies before what is held back, and that; of few taps also windows as wide before, oldest first.

    There are as many as make about `most` taps, three at most: a model that knew nothing of a window's days learns
    from it what it will be asked, and from one window of a small shop it learns too little.
    """
    newest = held_back(sessions, most)[1]
    width, taps = max(1, len(newest)), max(1, len(newest.items))
    windows = max(1, min(round(most / taps), MOST_WINDOWS, len(sessions) // 2 // width))
    borders = range(len(sessions) - windows * width, len(sessions), width)
    return [(sessions[:border], sessions[border : border + width]) for border in borders]


def lessons_of(shortlist: Shortlist, sessions: Sessions, *, most: int) -> tuple[Weights, Mask]:
    """Return rows of features, and which of them were tapped next, from up to `most` positions.

    A position whose next tap is not in its short list teaches nothing; from the others, the item tapped
    next and every few of those passed over are kept.
    """
    rows: list[Weights] = []
    chosen: list[Mask] = []
    for seen, following in _positions(sessions, most):
        items, features = shortlist(seen)
        if following in items:
            tapped = items == following
            every = max(1, len(items) // PASSED_OVER)
            kept = tapped | (np.arange(len(items)) % every == len(rows) % every)
            rows.append(features[kept])
            chosen.append(tapped[kept])
    if not rows:
        return np.empty((0, 0), dtype=np.float32), np.empty(0, dtype=np.bool_)
    return np.concatenate(rows), np.concatenate(chosen)


def _positions(sessions: Sessions, most: int) -> list[tuple[Ints, int]]:
    every = [(items[:at], int(items[at])) for items in sessions for at in range(1, len(items))]
    return every[-most:]
