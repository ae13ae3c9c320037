"""The model in memory: answers at once, looks for a newer one behind the scenes, falls back in order."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from recommender.files import BadModelFile
from recommender.shop_model import ShopModel
from server.recommendations import queries
from server.recommendations.rules import ReasonKind, Suggestion, Suggestions, is_held_out
from server.timeline.queries import popular_products

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(seconds=15)
"""How often a process looks for a newer model: on a thread of its own, never on a tap's path."""

POPULAR_SINCE = timedelta(days=30)
REASONS = {
    "after": ReasonKind.TAPPED_AFTER,
    "alike": ReasonKind.ALIKE,
    "popular": ReasonKind.POPULAR_HERE,
}


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What answers now: a model, or each store's popular products until there is one."""

    version: int = 0
    model: ShopModel | None = None


class Serving:
    """A `Suggester` on the newest model of the database. Safe for many threads; reads nothing at creation."""

    def __init__(self, engine: Engine, now: Callable[[], datetime], *, hold_out: float = 0.0) -> None:
        self._engine, self._now, self._hold_out = engine, now, hold_out
        self._loaded = _Loaded()
        self._popular: dict[str, tuple[str, ...]] = {}
        self._looked_at: datetime | None = None
        self._looking = threading.Lock()

    @property
    def version(self) -> int:
        """Return the version of the newest model that was looked at, 0 before there is one."""
        return self._loaded.version

    def suggest(
        self,
        seen: Sequence[str],
        *,
        store_id: str,
        allowed: frozenset[str],
        count: int = 4,
        visit_id: UUID | None = None,
    ) -> Suggestions:
        """Return up to `count` of `allowed`: the model's, or popular ones for a visit that is held out.

        While no model is usable, or it has nothing to say, they are popular ones, marked degraded.
        """
        self._look_if_due(store_id)
        loaded = self._loaded
        if loaded.model is None:
            popular = [p for p in self._popular.get(store_id, ()) if p in allowed and p not in seen]
            items = tuple(Suggestion(p, ReasonKind.POPULAR_HERE) for p in popular[:count])
            return Suggestions(_filled(items, seen, allowed, count=count), degraded=True, model_version=0)
        held_out = visit_id is not None and is_held_out(visit_id, self._hold_out)
        listed = loaded.model.rank(
            () if held_out else seen, store=store_id, allowed=allowed, count=count + held_out * len(seen)
        )
        found = [Suggestion(one.item, REASONS[one.model], one.evidence) for one in listed if one.item not in seen]
        return Suggestions(
            _filled(tuple(found[:count]), seen, allowed, count=count),
            degraded=not found,
            model_version=loaded.version,
            held_out=held_out,
            propensity=1.0 if visit_id is None else self._hold_out if held_out else 1 - self._hold_out,
        )

    def start(self) -> None:
        """Take up the newest model on a thread of its own, so that no shopper waits while it is compiled."""
        if self._looking.acquire(blocking=False):
            threading.Thread(target=self._look_aside, args=("", self._now()), daemon=True).start()

    def _look_if_due(self, store_id: str) -> None:
        now, last = self._now(), self._looked_at
        lacking = last is None or (self._loaded.model is None and store_id not in self._popular)
        if lacking:
            with self._looking:
                self.look(store_id, now)
        elif last is not None and now - last >= LOOK_EVERY and self._looking.acquire(blocking=False):
            self._looked_at = now
            threading.Thread(target=self._look_aside, args=(store_id, now), daemon=True).start()

    def _look_aside(self, store_id: str, now: datetime) -> None:
        try:
            self.look(store_id, now)
        finally:
            self._looking.release()

    def look(self, store_id: str, now: datetime) -> None:
        """Take up a newer model if there is one; what answers now stays where the new one is unusable."""
        self._looked_at = now
        try:
            with Session(self._engine) as session:
                newest = queries.newest_serving(session, after=self._loaded.version)
                if newest is not None:
                    model = _usable(newest.version, newest.file)
                    self._loaded = _Loaded(newest.version, model or self._loaded.model)
                if self._loaded.model is None:
                    since = now - POPULAR_SINCE
                    self._popular[store_id] = tuple(popular_products(session, store_id, since=since))
        except SQLAlchemyError:
            self._popular.setdefault(store_id, ())
            log.warning("the database is away; suggestions go on with what is in memory")


def _filled(
    items: tuple[Suggestion, ...], seen: Sequence[str], allowed: frozenset[str], *, count: int
) -> tuple[Suggestion, ...]:
    """Return the list with whatever else is in stock where it is short, in the order of ids."""
    if len(items) >= count:
        return items
    there = {one.product_id for one in items}.union(seen)
    return items + tuple(Suggestion(p, ReasonKind.NEW_HERE) for p in sorted(allowed - there)[: count - len(items)])


def _usable(version: int, file: bytes) -> ShopModel | None:
    try:
        model = ShopModel.load(file)
        model.rank(model.ids[:2], store="", allowed=model.ids, count=4)  # its loops are compiled at the first call
    except BadModelFile as error:
        log.error("model %d cannot be used: %s", version, error)  # noqa: TRY400 - the sentence is enough
        return None
    return model
