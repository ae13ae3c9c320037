"""A place for items nobody has tapped yet: they stand where the things they are like would stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

import numpy as np
from scipy.sparse import diags_array

from recommender.content import ContentLikeness
from recommender.item_to_item import ItemToItem
from recommender.rows import Near, Rows
from recommender.scorer import Scorer
from recommender.sessions import Sessions


class ColdStart(Scorer):
    """What stands near a session's items, handed on to the untapped items most like it.

    An untapped item gets, for each tapped one it is like, likeness times how strongly that one follows, and
    its own likeness to what was seen times `direct`. (Neighbours of content neighbours: Schein et al.,
    SIGIR 2002, in spirit.)

    Parameters: `texts` and `prices` as in ContentLikeness; `direct`; `keep` others a row; `reach`, `decay`.
    Learned: `rows_`, whose columns are untapped items only.
    """

    columns: ClassVar[tuple[str, ...]] = ("last", "all")
    left_behind: ClassVar[frozenset[str]] = frozenset({"texts", "prices"})

    def __init__(
        self,
        *,
        texts: Sequence[str] = (),
        prices: Sequence[float] = (),
        direct: float = 0.05,
        keep: int = 20,
        reach: int = 10,
        decay: float = 0.67,
    ) -> None:
        self.texts = texts
        self.prices = prices
        self.direct = direct
        self.keep = keep
        self.reach = reach
        self.decay = decay

    def fit(self, sessions: Sessions) -> Self:
        """Relate the items of `sessions` to those no session has."""
        self.n_items_ = sessions.n_items
        untapped = np.bincount(sessions.items, minlength=self.n_items_) == 0
        alike = ContentLikeness(texts=self.texts, prices=self.prices).fit(sessions).rows_.sparse()
        alike = alike @ diags_array(untapped.astype(np.float64))
        near = ItemToItem(fade=0.95, backward=0.7, discount=0.5).fit(sessions).rows_.sparse()
        self.rows_ = Rows.strongest(near @ alike + self.direct * alike, self.keep)
        return self

    def known(self, first: int = 0) -> Near:
        """Return what untapped items inherit from the last item seen, and from the last `reach`."""
        return Near(self.rows_, self.reach, self.decay, first)
