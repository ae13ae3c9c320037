"""One list from several models: evidence on one board, judged by trees grown on held-back days."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator, clone
from threadpoolctl import threadpool_limits

from recommender.answering import (
    Asked,
    Evident,
    Learned,
    Visit,
    features_on,
    judged_on,
    lay_evidence,
    listed_on,
    opened,
)
from recommender.arrangement import COUNTED, Judged, Wishes, arranged, explored
from recommender.compiled import Packed, packed
from recommender.embedding import Embedding
from recommender.evaluation import mrr_of
from recommender.evidence import Board, Weights
from recommender.forest import Forest, grow
from recommender.history import NOBODY as NO_CUSTOMER
from recommender.history import Customer, CustomerHistory
from recommender.laying import still
from recommender.past import ROOM, Past
from recommender.popularity import Popularity
from recommender.scorer import known_items
from recommender.selection import first_open
from recommender.session_knn import SessionKnn
from recommender.sessions import Ints, Mask, Sessions
from recommender.teaching import lessons_of, windows_of
from recommender.trend import trends_of
from recommender.usual import FIRST_WEIGHTS, OTHER_WEIGHT, Named, usual_models

NOBODY: Mask = np.empty(0, dtype=np.bool_)
MADE_READY = frozenset({"boards_", "everything_", "evident_", "learned_"})
"""What `make_ready` makes of what was learned."""

FEW = 3_000
"""Newest sessions that tell how much the end of a list is worth."""

LEAST_LESSONS = 300
"""Next taps found in the short lists of held-back sessions, below which no trees are grown."""


class Blend(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Models write evidence; a weighted sum makes a short list; boosted trees put it in order.

    `fit` holds back the newest tenth of the sessions (at most `lessons` taps), fits on the rest, grows the
    trees on what was really tapped next (of few taps also in the two tenths before, each unknown to its fit),
    then fits again on everything: what it chooses, it chooses from
    the training rows alone. With too few taps to learn from, the weighted sum stands; where a list stays
    short, popularity fills it. (Two stages as Covington et al., RecSys 2016; boosting: Friedman, 2001.)

    Parameters: `models`, (name, scorer) pairs or None for the usual ones; `lessons`; `judged`, the length
    of the short list; `trees`, `leaves`, `rate` of the boosting; `room`, taps held once fresh visits have joined;
    `on_step` is told what share of the fit is done.
    Learned: `models_`, `past_`, `history_`, `popular_`, `points_`, `trends_`, `weights_`, `forest_` (None
    while not grown), `last_share_`, of a list's hits those of its 20th place.
    """

    left_behind: ClassVar[frozenset[str]] = MADE_READY | {"models", "on_step"}

    def __init__(
        self,
        models: Named | None = None,
        *,
        lessons: int = 30_000,
        judged: int = 60,
        trees: int = 100,
        leaves: int = 16,
        rate: float = 0.1,
        room: int = ROOM,
        on_step: Callable[[float], None] | None = None,
    ) -> None:
        self.models = models
        self.lessons = lessons
        self.judged = judged
        self.trees = trees
        self.leaves = leaves
        self.rate = rate
        self.room = room
        self.on_step = on_step

    def fit(self, sessions: Sessions) -> Self:
        """Grow the trees on the newest sessions, then learn from all; on one core, as a server has others."""
        with threadpool_limits(1):
            return self._fit(sessions)

    def _fit(self, sessions: Sessions) -> Self:
        self.forest_: Forest | None = None
        self.last_share_ = 1 / COUNTED
        windows = windows_of(sessions, self.lessons)
        lessons = [
            self._taught(*window, share=0.5 * n / len(windows)) for n, window in enumerate(windows, start=1)
        ]
        newest = windows[-1][1]
        taught = [one for one in lessons if len(one[0])] or lessons[:1]
        features, chosen = (np.concatenate(parts) for parts in zip(*taught, strict=True))
        if chosen.sum() >= LEAST_LESSONS:
            self.forest_ = grow(features, chosen, trees=self.trees, leaves=self.leaves, rate=self.rate)
        self.make_ready()
        self.last_share_ = self._last_share(newest)
        self._tell(0.6)
        self._learn(sessions)
        self._tell(1.0)
        return self

    def _taught(self, earlier: Sessions, newest: Sessions, *, share: float) -> tuple[Weights, Mask]:
        """Learn from earlier sessions and return the lessons of newer ones; `share` of the fit is done then."""
        self._learn(earlier)
        lessons = lessons_of(self.features, newest, most=self.lessons)
        self._tell(share)
        return lessons

    def _last_share(self, sessions: Sessions) -> float:
        """Return what share of a list's hits its 20th place gets, on the mean of the last five places."""
        places = np.zeros(COUNTED)
        for items in sessions[-FEW:]:
            found = np.flatnonzero(
                self.judged_items(items[:-1], self.everything_, COUNTED).items[:COUNTED] == items[-1]
            )
            places[found] += 1
        return float((places[-5:].mean() + 0.05) / (places.sum() + 1))

    def _tell(self, share: float) -> None:
        if self.on_step is not None:
            self.on_step(share)

    def _learn(self, sessions: Sessions) -> Self:
        named = self.models if self.models is not None else usual_models()
        self.n_items_ = sessions.n_items
        self.models_ = [(name, clone(model).fit(sessions)) for name, model in named]
        columns = [f"{name}.{column}" for name, model in self.models_ for column in model.columns]
        self.history_ = CustomerHistory().fit(sessions)
        columns += [f"history.{column}" for column in self.history_.columns]
        self.weights_ = np.array([FIRST_WEIGHTS.get(name, OTHER_WEIGHT) for name in columns], dtype=np.float32)
        self.points_ = Embedding().fit(sessions).points_
        past = next((m.past_ for _, m in self.models_ if isinstance(m, SessionKnn)), None)
        return self._know(past or Past.of(sessions), Popularity().fit(sessions))

    def join(self, fresh: Sessions) -> Self:
        """Return a blend that also knows `fresh` sessions, without learning anew; this one stays as it is.

        Neighbours, counts, popularity and trends move; trees and points wait for the next fit. A visit that
        goes on later joins again as a whole: give what `fit` returned all visits since. Raises ValueError
        where `fresh` are over other items than this blend.
        """
        past = self.past_.joined_by(fresh, self.room)
        joined = copy(self)
        joined.history_ = self.history_.join(past, fresh)
        joined.models_ = [(name, model.join(past, fresh)) for name, model in self.models_]
        joined._know(past, self.popular_.join(past, fresh))
        joined.boards_ = self.boards_  # as large, and empty between lists
        return joined

    def _know(self, past: Past, popular: Popularity) -> Self:
        self.past_, self.popular_ = past, popular
        self.order_ = np.argsort(-popular.scores_, kind="stable").astype(np.int32)
        self.trends_ = trends_of(past)
        return self.make_ready()

    def make_ready(self) -> Self:
        """Have what no file keeps: boards to work on, and in one piece what is learned; returns self."""
        self.boards_: deque[tuple[Board, Packed]] = deque()
        self.everything_ = np.ones(self.n_items_, dtype=np.bool_)
        forest = self.forest_ if self.forest_ is not None else Forest.empty(0)
        firsts = np.cumsum([0, *(len(model.columns) for _, model in self.models_)]).tolist()
        models = tuple(model.known(first) for (_, model), first in zip(self.models_, firsts, strict=False))
        learned = Learned(firsts[-1], self.weights_, self.trends_, self.points_, self.order_, forest)
        self.evident_ = packed(still(Evident(models, self.history_.known(firsts[-1]))))
        self.learned_ = packed(still(learned))
        return self

    def features(self, seen: Ints) -> tuple[Ints, Weights]:
        """Return the items judged after `seen` and a row of features for each."""
        asked = self._asked(seen, self.judged, novel=False)
        with self._evidence(asked) as board:
            items, features = features_on(board, self.learned_, asked)
        return items, features.T

    def rank(
        self,
        seen: Ints,
        *,
        count: int = 20,
        allowed: Mask | None = None,
        novel: bool = True,
        customer: Customer = NO_CUSTOMER,
    ) -> Ints:
        """Return up to `count` items, best first; see `Ranker`. Shorter only where no item is left.

        A `customer`'s history speaks too; without one the list is the same as if there were no such model.
        """
        asked = self._asked(seen, count, allowed=allowed, novel=novel)
        with self._evidence(asked, customer) as board:
            return listed_on(board, self.learned_, asked)

    def arrange(
        self,
        seen: Ints,
        wishes: Wishes,
        *,
        luck: np.random.Generator,
        count: int = 20,
        allowed: Mask | None = None,
        novel: bool = True,
    ) -> tuple[Ints, float]:
        """Return a list as `rank` does with a shop's `wishes` fulfilled, and with what chance it came out so."""
        seen = known_items(seen, self.n_items_)
        open_items = opened(self.everything_ if allowed is None else allowed, seen if novel else seen[:0])
        pinned = np.array([item for item in wishes.pinned if open_items[item]], dtype=np.int32)[:count]
        fresh = np.array([item for item in wishes.fresh if open_items[item]], dtype=np.int32)
        open_items[pinned] = False
        left = count - len(pinned)
        judged = self.judged_items(seen, open_items, left, also=wishes.well_hidden)
        best = arranged(judged, wishes, self.points_, seen=seen, count=left)[:left]
        best = self._filled(best, open_items, left)
        best, chance = explored(best, fresh, wishes, luck=luck)
        return np.concatenate((pinned, best)), chance

    def judged_items(
        self,
        seen: Ints,
        allowed: Mask,
        count: int,
        *,
        also: Mask | None = None,
        customer: Customer = NO_CUSTOMER,
        novel: bool = False,
    ) -> Judged:
        """Return at least `count`, where there are so many, of the `allowed` items that some model speaks for.

        Items of `also` have better chances to be among them, not a better place.
        """
        asked = self._asked(seen, count, allowed=allowed, novel=novel, also=also)
        with self._evidence(asked, customer) as board:
            items, scores = judged_on(board, self.learned_, asked)
        return Judged(items, scores, self.last_share_)

    def _asked(
        self,
        seen: Ints,
        count: int,
        *,
        novel: bool,
        allowed: Mask | None = None,
        also: Mask | None = None,
    ) -> Asked:
        seen, judged = np.asarray(seen, dtype=np.int32), max(self.judged, count)
        allowed, also = self.everything_ if allowed is None else allowed, NOBODY if also is None else also
        return Asked(seen, allowed, also, judged, count, novel)

    def _filled(self, items: Ints, open_items: Mask, count: int) -> Ints:
        open_items[items] = False
        return np.concatenate((items, first_open(self.order_, open_items, count - len(items))))

    @contextmanager
    def _evidence(self, asked: Asked, customer: Customer = NO_CUSTOMER) -> Iterator[Packed]:
        """Give a board with all models' evidence on it, to be wiped before it is given back."""
        try:
            board = self.boards_.pop()
        except IndexError:
            bare = Board.of(self.n_items_, len(self.weights_))
            board = bare, packed(bare)
        lay_evidence(self.evident_, Visit(asked.seen, customer), board[1])
        yield board[1]
        self.boards_.append(board)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name not in MADE_READY}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        if "models_" in state:
            self.make_ready()

    def score(self, sessions: Sessions) -> float:
        """Return MRR@20 on new items, for scikit-learn's searches."""
        return mrr_of(self, sessions)
