"""The serving model kept up to date in one process: taken up whole, and with the visits since joined to it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from recommender.arrangement import NO_WISHES
from recommender.files import BadModelFile
from recommender.gathered import Gathered
from recommender.shop_model import ShopModel
from server.recommendations import queries
from server.recommendations.looks import looks_after
from server.recommendations.models import TrainedModel
from server.timeline.left_out.counting import stamp

log = logging.getLogger(__name__)

MOST_FRESH = 200_000
"""Looks joined at most, the newest: what is beyond waits for the next training."""


@dataclass(frozen=True, slots=True)
class Current:
    """What answers now: a model and its version, 0 and None until there is one, and what it was as trained."""

    version: int = 0
    model: ShopModel | None = None
    trained: ShopModel | None = None


class UpToDate:
    """`current` answers, whole at every moment: the next takes its place in one step. One thread renews."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.current = Current()
        self._unusable: set[int] = set()
        self._read_to, self._trained_to = 0, 0
        self._left_out: tuple[object, ...] = ()
        self._fresh = Gathered((), MOST_FRESH)

    def renew(self, session: Session) -> None:
        """Take up the model that serves where it is another, and join what visits have looked at since."""
        version = queries.serving_version(session)
        if version not in self._unusable | {self.current.version}:
            row = queries.newest_serving(session)
            taken = _usable(row) if row is not None else None
            if row is None or taken is None:
                self._unusable.add(version)
            else:
                self._take(row, taken)
        if self.current.trained is not None:
            self._begin_again_if_judged_anew(session, self.current.trained)
            self._join(session, self.current.trained)

    def _take(self, row: TrainedModel, taken: ShopModel) -> None:
        self._trained_to = int(row.report.get("seq", 0))
        self._begin_again(row.version, taken)

    def _begin_again(self, version: int, trained: ShopModel) -> None:
        self._fresh = Gathered(trained.ids, MOST_FRESH)
        self._read_to = self._trained_to
        self.current = Current(version, trained, trained)

    def _begin_again_if_judged_anew(self, session: Session, trained: ShopModel) -> None:
        """Let go of all that joined where kiosks or visits are left out by now that were not, or the reverse."""
        left_out = stamp(session)
        if left_out != self._left_out and len(self._fresh):
            self._begin_again(self.current.version, trained)
        self._left_out = left_out

    def _join(self, session: Session, trained: ShopModel) -> None:
        told, self._read_to = looks_after(session, self._read_to)
        if not told:
            return
        began = self._now()
        self._fresh.add(told)
        every, stores = self._fresh.sessions()
        joined = trained.join(every, stores=stores)
        _warm(joined)
        self.current = Current(self.current.version, joined, trained)
        log.info("%d looks joined model %d in %s", len(self._fresh), self.current.version, self._now() - began)


def _usable(row: TrainedModel) -> ShopModel | None:
    try:
        model = ShopModel.load(row.file)
        _warm(model)
    except BadModelFile as error:
        log.error("model %d cannot be used: %s", row.version, error)  # noqa: TRY400 - the sentence is enough
        return None
    return model


def _warm(model: ShopModel) -> None:
    """Have its loops compiled, which is done at the first call."""
    some = model.ids[:2]
    wishes = model.wishes(boost=dict.fromkeys(some, 0.1), prices=dict.fromkeys(some, 1.0), price_weight=0.1)
    for wished in (NO_WISHES, wishes):
        model.rank(some, store="", allowed=model.ids, count=4, wishes=wished)
