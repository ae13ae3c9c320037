"""What answers: the model in memory, kept up to date behind the scenes, and what is popular where it cannot."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from recommender.arrangement import NO_WISHES as NO_MODEL_WISHES
from recommender.arrangement import Wishes as ModelWishes
from recommender.history import NOBODY, Customer
from recommender.shop_model import ShopModel
from server.recommendations.exploring import Explored, explored
from server.recommendations.hold_out import is_held_out
from server.recommendations.pace import Pace
from server.recommendations.rules import NO_WISHES, ReasonKind, Suggestion, Suggestions, Wishes
from server.recommendations.taking_up import Current, UpToDate
from server.recommendations.wished import Wished
from server.timeline.queries import popular_products
from server.timeline.reading.interests import Interest

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(seconds=15)
"""How often a process looks for a newer model and fresh visits: on a thread of its own, never on a tap's path."""

POPULAR_SINCE = timedelta(days=30)
STORES_FRESH = 256
"""Stores whose new products are kept at hand."""

MOST_FRESH = 100
"""New products of a store that have a chance at a time: the smaller their number, the more each gets."""

PINNED_AT_MOST = 2
"""Tiles that pins may take: the rest stays for what goes with the visit."""

REASONS = {
    "after": ReasonKind.TAPPED_AFTER,
    "alike": ReasonKind.ALIKE,
    "popular": ReasonKind.POPULAR_HERE,
    "hidden": ReasonKind.HIDDEN,
    "new": ReasonKind.NEW_HERE,
    "pinned": ReasonKind.PINNED,
    "history": ReasonKind.HISTORY,
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What lists are asked for: after what, where, for whom, and of which model."""

    seen: Sequence[str]
    store_id: str
    held_out: bool
    wishes: Wishes
    past: Sequence[Interest]
    current: Current
    behind: frozenset[str]


class Serving:
    """A `Suggester` on the serving model of the database. Safe for many threads; reads nothing at creation."""

    def __init__(
        self,
        engine: Engine,
        now: Callable[[], datetime],
        *,
        hold_out: float = 0.0,
        explore: float = 0.0,
        visibility: float = 0.0,
        up_to_date: UpToDate | None = None,
    ) -> None:
        self._engine, self._now = engine, now
        self._hold_out, self._explore = hold_out, explore
        self._up_to_date, self._wished = up_to_date or UpToDate(now), Wished(visibility)
        self._popular: dict[str, tuple[str, ...]] = {}
        self._looked_at: datetime | None = None
        self._looking = threading.Lock()
        self._untapped = lru_cache(maxsize=STORES_FRESH)(_untapped)
        self._pace = Pace()

    @property
    def version(self) -> int:
        """Return the version of the model that answers, 0 before there is one."""
        return self._up_to_date.current.version

    def suggest(
        self,
        seen: Sequence[str],
        *,
        store_id: str,
        allowed: frozenset[str],
        count: int = 4,
        visit_id: UUID | None = None,
        wishes: Wishes = NO_WISHES,
        past: Sequence[Interest] = (),
        other_sizes: frozenset[str] = frozenset(),
    ) -> Suggestions:
        """Return up to `count` of `allowed`: the model's, or popular ones for a visit that is held out.

        While no model is usable, or it is slow, fails or says nothing, they are popular ones, marked degraded.
        """
        now = self._now()
        self._look_if_due(store_id, now)
        held_out = visit_id is not None and is_held_out(visit_id, self._hold_out)
        current = Current() if self._pace.rests(now) else self._up_to_date.current
        behind = frozenset() if held_out else other_sizes
        asked = _Asked(seen, store_id, held_out, wishes, past, current, behind)
        pinned = self._pinned(asked, count)
        found = self._of_model(asked, allowed, count + len(pinned))
        items = [*pinned, *_others(found or self._of_popular(asked, allowed), pinned)][:count]
        if len(items) < count:
            rest = sorted(allowed.difference(seen, (one.product_id for one in items)))
            items += [Suggestion(product, ReasonKind.NEW_HERE) for product in rest[: count - len(items)]]
        if not found:
            return Suggestions(tuple(items), degraded=True, model_version=0)
        told = Explored(tuple(items))
        if visit_id is not None and not held_out and asked.current.trained is not None and self._explore:
            fresh = [p for p in self._untapped(asked.current.trained, allowed) if p not in seen]
            told = explored(items, fresh, share=self._explore, visit_id=visit_id, step=len(seen))
        arm = 1.0 if visit_id is None else self._hold_out if held_out else 1 - self._hold_out
        return Suggestions(
            told.items,
            degraded=False,
            model_version=asked.current.version,
            held_out=held_out,
            propensity=arm * told.chance,
        )

    def _pinned(self, asked: _Asked, count: int) -> list[Suggestion]:
        """Return the best of each of the first pins that has any left: a held-out visit sees them too."""
        pinned: list[Suggestion] = []
        for goods in asked.wishes.pins:
            if len(pinned) < min(PINNED_AT_MOST, count):
                best = self._of_model(asked, goods, 1) or self._of_popular(asked, goods)
                left = [one.product_id for one in best] or sorted(goods.difference(asked.seen))
                found = _others([Suggestion(product, ReasonKind.PINNED) for product in left[:1]], pinned)
                pinned += found
        return pinned

    def _of_model(self, asked: _Asked, goods: frozenset[str], count: int) -> list[Suggestion]:
        """Return the model's list, popularity's for a visit held out; empty where there is no model to trust."""
        model = asked.current.model
        if model is None:
            return []
        began, seen = self._now(), () if asked.held_out else asked.seen
        try:
            most = count + len(asked.seen) if asked.held_out else count
            whose = NOBODY if asked.held_out or not asked.past else _customer(model, asked.past, began)
            wishes = self._for_model(asked, began)
            listed = model.rank(
                seen,
                store=asked.store_id,
                allowed=goods,
                count=most,
                wishes=wishes,
                customer=whose,
                behind=asked.behind,
            )
        except Exception:
            self._pace.failed(began)
            return []
        self._pace.took(began, self._now())
        found = [Suggestion(one.item, REASONS[one.model], one.evidence) for one in listed]
        return [one for one in found if one.product_id not in asked.seen][:count]

    def _for_model(self, asked: _Asked, now: datetime) -> ModelWishes:
        trained = asked.current.trained
        if asked.held_out or trained is None:
            return NO_MODEL_WISHES
        return self._wished.of(asked.store_id, trained, asked.wishes, now=now)

    def _of_popular(self, asked: _Asked, goods: frozenset[str]) -> list[Suggestion]:
        popular = self._popular.get(asked.store_id, ())
        return [Suggestion(p, ReasonKind.POPULAR_HERE) for p in popular if p in goods and p not in asked.seen]

    def start(self, then: Callable[[], None] = lambda: None) -> None:
        """Take up the serving model on a thread of its own, so that no shopper waits while it is compiled.

        `then` is called there once that is done, or could not be.
        """
        if self._looking.acquire(blocking=False):
            self._looked_at = self._now()
            threading.Thread(target=self._look_aside, args=(self._looked_at, then), daemon=True).start()

    def _look_if_due(self, store_id: str, now: datetime) -> None:
        last = self._looked_at
        if last is None:
            with self._looking:
                self.look(now)
        elif now - last >= LOOK_EVERY and self._looking.acquire(blocking=False):
            self._looked_at = now
            threading.Thread(target=self._look_aside, args=(now,), daemon=True).start()
        if store_id not in self._popular and (self._up_to_date.current.model is None or self._pace.rests(now)):
            self._read_popular(store_id, now)

    def _look_aside(self, now: datetime, then: Callable[[], None] = lambda: None) -> None:
        try:
            self.look(now)
        finally:
            self._looking.release()
        then()

    def look(self, now: datetime) -> None:
        """Take up a newer model and fresh visits; what answers now stays where a new model is unusable."""
        self._looked_at, version = now, self.version
        try:
            with Session(self._engine) as session:
                self._up_to_date.renew(session)
                self._wished.renew(session, self._up_to_date.current.trained, now)
        except SQLAlchemyError:
            log.warning("the database is away; suggestions go on with what is in memory")
        except Exception:
            log.exception("the model could not be renewed; what answers now goes on")
        if version != self.version:
            self._wished.forget()
            self._untapped.cache_clear()
        if self._up_to_date.current.model is None or self._pace.rests(now):
            for store_id in list(self._popular):
                self._read_popular(store_id, now)

    def _read_popular(self, store_id: str, now: datetime) -> None:
        try:
            with Session(self._engine) as session:
                popular = popular_products(session, store_id, since=now - POPULAR_SINCE)
                self._popular[store_id] = tuple(popular)
        except SQLAlchemyError:
            self._popular.setdefault(store_id, ())


def _untapped(model: ShopModel, goods: frozenset[str]) -> tuple[str, ...]:
    """Return the first `MOST_FRESH` products nobody had tapped when the model was trained, and the model knows."""
    taps = model.popular[""].scores_
    known = (p for p in sorted(goods) if p in model.number and not taps[model.number[p]])
    return tuple(islice(known, MOST_FRESH))


def _customer(model: ShopModel, past: Sequence[Interest], now: datetime) -> Customer:
    return model.customer(((one.product_id, one.channel, one.at.timestamp()) for one in past), now.timestamp())


def _others(found: Sequence[Suggestion], there: Sequence[Suggestion]) -> list[Suggestion]:
    taken = {one.product_id for one in there}
    return [one for one in found if one.product_id not in taken]
