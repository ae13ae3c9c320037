"""The model a shop serves: a blend, what is popular in each store, and why each item is listed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import chain
from types import MappingProxyType
from typing import Any, Self

import numpy as np

from recommender.answering import opened
from recommender.arrangement import NO_WISHES, Wishes, arranged, explored
from recommender.blend import Blend
from recommender.cold_start import ColdStart
from recommender.compiled import packed
from recommender.content import ContentLikeness
from recommender.evidence import Look
from recommender.files import BadModelFile, pack, unpack
from recommender.history import NOBODY, Customer
from recommender.laying import still
from recommender.masks import Masks
from recommender.near_equals import gave_way
from recommender.popularity import Popularity
from recommender.reasons import spoken_for
from recommender.selection import first_open
from recommender.sessions import Floats, Ints, Mask, Sessions
from recommender.state import restored, state_of
from recommender.usual import usual_models

REMEMBERED = 20_000
"""Lists kept: most visits are short and begin alike, so that the same few histories are asked for again.

None outlives the joining of fresh visits: that moves the age of every item's last tap, and with it any list."""

MORE_THAN_ENOUGH = 12
"""Times the length of a list that popular items are looked through for families that are not yet on it."""

NOTHING: Mapping[str, Any] = MappingProxyType({})

FADING = 0.67
"""How much less each earlier item of a visit speaks for an item than the next later one."""

SPEAKERS = (("after", "around"), ("alike", "alike"), ("alike", "new"))
"""Reasons, and the models whose rows give them, in the order they are asked."""

PER_GROUP = 2
"""How many items of one family a list holds while others wait."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One item of a list: its id, why it is there, the seen item that speaks for it, and the list's chance.

    `model` is "after", "alike" or "popular"; "history" where it is there only because of the customer's past,
    "hidden" because the shop hides it, "pinned", or "new" where luck put it there. `chance` is the probability
    with which just this list was drawn.
    """

    item: str
    model: str
    evidence: str | None
    chance: float = 1.0


class ShopModel:
    """All a shop needs to suggest: built by `learn`, or from a file by `load`."""

    def __init__(self, ids: Sequence[str], groups: Ints, blend: Blend, popular: Mapping[str, Popularity]) -> None:
        self.ids = tuple(ids)
        self.number = {name: i for i, name in enumerate(self.ids)}
        self.groups, self._masks = groups, Masks(self.number)
        self.popular: dict[str, Popularity] = {}
        self._popular_first: dict[str, Ints] = {}
        self._answer_by(blend, popular)

    def _answer_by(self, blend: Blend, popular: Mapping[str, Popularity]) -> Self:
        """Have what answers take the place of what did: no list of before is remembered."""
        models, self.blend = dict(blend.models_), blend
        self.popular = {**self.popular, **popular}
        self._popular_first = {
            **self._popular_first,
            **{store: _order(one.scores_) for store, one in popular.items()},
        }
        self._speakers = packed(still(tuple(models[name].rows_ for _, name in SPEAKERS)))
        self._list = lru_cache(maxsize=REMEMBERED)(self._list_of)
        return self

    @classmethod
    def learn(
        cls,
        sessions: Sessions,
        *,
        texts: Sequence[str],
        groups: Sequence[int],
        stores: Mapping[str, Sessions],
    ) -> Self:
        """Fit on all `sessions`, and popularity on each store's own (`''` stands for every other store)."""
        content = (("alike", ContentLikeness(texts=tuple(texts))), ("new", ColdStart(texts=tuple(texts))))
        models = (*usual_models(), *content)
        return cls(
            sessions.ids,
            np.array(groups, dtype=np.int32),
            Blend(models).fit(sessions),
            {"": Popularity().fit(sessions)} | {s: Popularity().fit(own) for s, own in stores.items()},
        )

    def join(self, fresh: Sessions, *, stores: Mapping[str, Sessions] = NOTHING) -> Self:
        """Return a model that also knows `fresh` visits, in its stores their own; this one stays as it is.

        Takes what a new index of the past takes, and no training: see `Blend.join`. `fresh` are gathered with
        this model's `ids`; taps of items it has never heard of wait for the next training. Both share what no
        visit changes, and the popularity of stores without a fresh visit.
        """
        nothing = Popularity().fit(fresh[:0])
        joined = {**stores, "": fresh}
        popular = {store: self.popular.get(store, nothing).join(None, own) for store, own in joined.items()}
        return copy(self)._answer_by(self.blend.join(fresh), popular)

    def wishes(
        self,
        *,
        boost: Mapping[str, float] = NOTHING,
        hidden: Mapping[str, float] = NOTHING,
        prices: Mapping[str, float] = NOTHING,
        pinned: Sequence[str] = (),
        fresh: Collection[str] = (),
        **bounds: float,
    ) -> Wishes:
        """Return a shop's wishes for `rank`, told by ids, of which those this model does not know say nothing.

        `prices` may be missing for some; `bounds` are the other fields of `Wishes`. Keep what is returned for
        as long as the wishes stand: lists are remembered for it.
        """
        known = np.log10([max(price, 1e-9) for i, price in prices.items() if i in self.number] or [1.0])
        logs = {i: float(np.log10(max(price, 1e-9))) for i, price in prices.items()}
        return Wishes(
            boost=self._spread(boost) if boost else None,
            hidden=self._spread(hidden) if hidden else None,
            log_prices=self._spread(logs, float(np.median(known))) if prices else None,
            pinned=tuple(self.number[i] for i in pinned if i in self.number),
            fresh=tuple(sorted(self.number[i] for i in fresh if i in self.number)),
            **bounds,
        )

    def customer(self, past: Iterable[tuple[str, str, float]], now: float) -> Customer:
        """Return what `(id, channel, seconds)` of an identified customer's past tells `rank`; see `Customer`."""
        return Customer.known_by(((self.number[i], c, at) for i, c, at in past if i in self.number), now)

    def _spread(self, amounts: Mapping[str, float], otherwise: float = 0.0) -> Floats:
        return np.array([amounts.get(i, otherwise) for i in self.ids], dtype=np.float64)

    def rank(
        self,
        seen: Sequence[str],
        *,
        store: str,
        allowed: Collection[str],
        count: int,
        wishes: Wishes = NO_WISHES,
        luck: np.random.Generator | None = None,
        customer: Customer = NOBODY,
        behind: frozenset[str] = frozenset(),
    ) -> list[Listed]:
        """Return up to `count` of the `allowed` ids that go with `seen` (oldest first), as the shop `wishes`.

        Of near equals, those `behind` come after the others.
        With `luck` a fresh item may take the last place; without, none does. A `customer` (see `customer`) is
        somebody who agreed to be known; of nobody, nothing is.
        """
        history = tuple(self.number[i] for i in seen if i in self.number)
        allowed = frozenset(allowed)
        ask: dict[str, Any] = {"store": store, "count": count, "wishes": wishes, "behind": behind}
        known = len(customer.items) > 0  # of whom nothing is remembered here
        listed = (
            self._list_of(history, allowed, customer=customer, **ask)
            if known
            else self._list(history, allowed, **ask)
        )
        if luck is None or not listed or listed[-1].model == "pinned":
            return list(listed)
        items = np.array([self.number[one.item] for one in listed], dtype=np.int32)
        fresh = [i for i in wishes.fresh if self.ids[i] in allowed and i not in history]
        items, chance = explored(items, np.array(fresh, dtype=np.int32), wishes, luck=luck)
        return [
            replace(one, chance=chance)
            if one.item == self.ids[item]
            else Listed(self.ids[item], "new", None, chance)
            for one, item in zip(listed, items.tolist(), strict=True)
        ]

    def _list_of(
        self,
        history: tuple[int, ...],
        allowed: frozenset[str],
        *,
        store: str,
        count: int,
        wishes: Wishes,
        behind: frozenset[str] = frozenset(),
        customer: Customer = NOBODY,
    ) -> tuple[Listed, ...]:
        seen, open_items = np.array(history, dtype=np.int32), self._masks.of(allowed)
        pinned = [item for item in wishes.pinned if open_items[item] and item not in history][:count]
        if pinned:
            open_items = opened(open_items, np.array(pinned, dtype=np.int32))
        left = count - len(pinned)
        ask_model: dict[str, Any] = {"also": wishes.well_hidden, "customer": customer, "novel": True}
        judged = self.blend.judged_items(seen, open_items, left, **ask_model)
        best = arranged(judged, wishes, self.blend.points_, seen=seen, count=left)
        if behind:
            last = {item for item in judged.items.tolist() if self.ids[item] in behind}
            odds = dict(zip(judged.items.tolist(), judged.scores.tolist(), strict=True)) if last else {}
            best = np.array(gave_way(best.tolist(), odds, last), dtype=np.int32) if last else best
        rest = partial(self._popular_besides, np.concatenate((seen, best)), open_items, store=store, count=count)
        chosen = self._mixed(chain(best.tolist(), rest()), left)
        usual = chosen if wishes.hidden is None else self._mixed(chain(judged.items.tolist(), rest()), left)
        reasons = self._reasoned(chosen, history, usual)
        if len(customer.items):
            ask: dict[str, Any] = {"store": store, "count": count, "wishes": wishes, "behind": behind}
            anyway = {one.item for one in self._list(history, allowed, **ask)}
            reasons = [one if one.item in anyway else Listed(one.item, "history", None) for one in reasons]
        return (*(Listed(self.ids[item], "pinned", None) for item in pinned), *reasons)

    def _popular_besides(self, taken: Ints, open_items: Mask, *, store: str, count: int) -> Iterator[int]:
        """Give what is popular in the store, once it is asked for: most lists are full before."""
        order = self._popular_first.get(store, self._popular_first[""])
        yield from first_open(order, opened(open_items, taken), MORE_THAN_ENOUGH * count).tolist()

    def _mixed(self, order: Iterable[int], count: int) -> list[int]:
        chosen: list[int] = []
        passed_over: list[int] = []
        held: dict[int, int] = {}
        for item in order:
            if len(chosen) == count:
                return chosen
            family = int(self.groups[item])
            (passed_over if held.get(family, 0) >= PER_GROUP else chosen).append(item)
            held[family] = held.get(family, 0) + 1
        return (chosen + passed_over)[:count]

    def _reasoned(self, chosen: Sequence[int], history: tuple[int, ...], usual: Sequence[int]) -> list[Listed]:
        look = Look(np.array(history, dtype=np.int32), len(history), FADING)
        which, who = spoken_for(self._speakers, look, np.array(chosen, dtype=np.int32))
        return [
            Listed(
                self.ids[item],
                (SPEAKERS[number][0] if number >= 0 else "popular") if item in usual else "hidden",
                self.ids[seen] if seen >= 0 else None,
            )
            for item, number, seen in zip(chosen, which.tolist(), who.tolist(), strict=True)
        ]

    def save(self) -> bytes:
        """Return the model as one checksummed file."""
        arrays, facts = state_of({"blend": self.blend, **{f"store {s}": p for s, p in self.popular.items()}})
        return pack({**arrays, "groups": self.groups}, {"ids": self.ids, "estimators": facts})

    @classmethod
    def load(cls, file: bytes) -> Self:
        """Return the model of `save`; raises `BadModelFile` where the file is not whole."""
        arrays, facts = unpack(file)
        try:
            parts = restored(arrays, facts["estimators"])
        except (KeyError, TypeError) as error:
            msg = f"the model file holds {error}, which this program does not know; update it or train a new model"
            raise BadModelFile(msg) from error
        popular = {name.removeprefix("store "): part for name, part in parts.items() if name.startswith("store ")}
        return cls(facts["ids"], arrays["groups"], parts["blend"], popular)


def _order(popular: Floats) -> Ints:
    """Return the items with any popularity, the most popular first."""
    order = np.argsort(-popular, kind="stable")
    return order[popular[order] > 0].astype(np.int32)
