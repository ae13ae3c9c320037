"""The model a shop serves: a blend, what is popular in each store, and why each item is listed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Self

import numpy as np

from recommender.blend import Blend, usual_models
from recommender.cold_start import ColdStart
from recommender.content import ContentLikeness
from recommender.files import BadModelFile, pack, unpack
from recommender.popularity import Popularity
from recommender.rows import Rows
from recommender.sessions import Ints, Mask, Sessions
from recommender.state import restored, state_of

REMEMBERED = 20_000
"""Lists kept: most visits are short and begin alike, so that the same few histories are asked for again."""

PER_GROUP = 2
"""How many items of one family a list holds while others wait."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One item of a list: its id, the model that spoke for it, and the seen item it spoke from, if any."""

    item: str
    model: str
    evidence: str | None


class ShopModel:
    """All a shop needs to suggest: built by `learn`, or from a file by `load`."""

    def __init__(self, ids: Sequence[str], groups: Ints, blend: Blend, popular: Mapping[str, Popularity]) -> None:
        self.ids = tuple(ids)
        self.number = {name: i for i, name in enumerate(self.ids)}
        self.groups, self.blend, self.popular = groups, blend, dict(popular)
        self._mask = lru_cache(maxsize=4096)(self._mask_of)
        self._list = lru_cache(maxsize=REMEMBERED)(self._list_of)

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

    def join(self, fresh: Sessions, *, stores: Mapping[str, Sessions] = MappingProxyType({})) -> Self:
        """Return a model that also knows `fresh` visits, in its stores their own; this one stays as it is.

        Takes what a new index of the past takes, and no training: see `Blend.join`. `fresh` are gathered with
        this model's `ids`; taps of items it has never heard of wait for the next training.
        """
        own = {store: Popularity().fit(fresh[:0]) for store in stores} | self.popular
        popular = {store: known.join(None, stores.get(store, fresh[:0])) for store, known in own.items()}
        popular[""] = self.popular[""].join(None, fresh)
        return type(self)(self.ids, self.groups, self.blend.join(fresh), popular)

    def rank(self, seen: Sequence[str], *, store: str, allowed: Collection[str], count: int) -> list[Listed]:
        """Return up to `count` of the `allowed` ids that go with `seen` (oldest first), best first."""
        history = tuple(self.number[i] for i in seen if i in self.number)
        return list(self._list(history, frozenset(allowed), store=store, count=count))

    def _list_of(
        self, history: tuple[int, ...], allowed: frozenset[str], *, store: str, count: int
    ) -> tuple[Listed, ...]:
        seen = np.array(history, dtype=np.int32)
        popular = self.popular.get(store, self.popular[""]).scores_
        open_items = self._mask(allowed).copy()
        open_items[seen] = False
        best = self.blend.judged_items(seen, open_items, count).items
        open_items[best] = False
        rest = np.argsort(-popular, kind="stable")
        order = [*best.tolist(), *rest[open_items[rest] & (popular[rest] > 0)].tolist()]
        return tuple(self._reasoned(item, history) for item in self._mixed(order, count))

    def _mixed(self, order: Sequence[int], count: int) -> list[int]:
        chosen: list[int] = []
        passed_over: list[int] = []
        held: dict[int, int] = {}
        for item in order:
            family = int(self.groups[item])
            (passed_over if held.get(family, 0) >= PER_GROUP else chosen).append(item)
            held[family] = held.get(family, 0) + 1
            if len(chosen) == count:
                return chosen
        return (chosen + passed_over)[:count]

    def _reasoned(self, item: int, history: tuple[int, ...]) -> Listed:
        latest = list(dict.fromkeys(history[::-1]))
        for reason, rows in self._reasons():
            strength = [0.67**k * rows.strength(other, item) for k, other in enumerate(latest)]
            if any(strength):
                return Listed(self.ids[item], reason, self.ids[latest[int(np.argmax(strength))]])
        return Listed(self.ids[item], "popular", None)

    def _reasons(self) -> list[tuple[str, Rows]]:
        models = dict(self.blend.models_)
        return [
            (name, models[key].rows_) for name, key in (("after", "around"), ("alike", "alike"), ("alike", "new"))
        ]

    def _mask_of(self, allowed: frozenset[str]) -> Mask:
        mask = np.zeros(len(self.ids), dtype=np.bool_)
        mask[[self.number[i] for i in allowed if i in self.number]] = True
        return mask

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
