"""The model a shop serves: what follows, what is alike, what is popular in each store; saved as arrays."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recommender.blend import Blend
from recommender.content import ContentLikeness
from recommender.files import pack, unpack
from recommender.item_to_item import ItemToItem
from recommender.popularity import Popularity
from recommender.scorer import Scorer
from recommender.sessions import Floats, Ints, Mask, Sessions
from recommender.strongest import strength_of

WEIGHTS = {"after": 1.0, "alike": 0.25, "popular": 0.1}
"""What followed speaks loudest; likeness and popularity fill the list and order what ties."""

REMEMBERED = 20_000
"""Lists kept: most visits are short and begin alike, so that the same few histories are asked for again."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One item of a list: its id, the model that spoke for it, and the seen item it spoke from, if any."""

    item: str
    model: str
    evidence: str | None


class ShopModel:
    """All a shop needs to suggest: built by `learn`, or from a file by `load`."""

    def __init__(
        self,
        ids: Sequence[str],
        groups: Ints,
        after: ItemToItem,
        alike: ContentLikeness,
        popular: Mapping[str, Popularity],
    ) -> None:
        self.ids = tuple(ids)
        self.number = {name: i for i, name in enumerate(self.ids)}
        self.groups = groups
        self.after, self.alike, self.popular = after, alike, dict(popular)
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
        return cls(
            sessions.ids,
            np.array(groups, dtype=np.int32),
            ItemToItem().fit(sessions),
            ContentLikeness(texts=texts).fit(sessions),
            {"": Popularity().fit(sessions)} | {s: Popularity().fit(own) for s, own in stores.items()},
        )

    def blend(self, store: str) -> Blend:
        """Return the models as one, with the popularity of `store`."""
        popular = self.popular.get(store, self.popular[""])
        models: dict[str, Scorer] = {"after": self.after, "alike": self.alike, "popular": popular}
        return Blend(models, WEIGHTS, groups=self.groups)

    def rank(self, seen: Sequence[str], *, store: str, allowed: Collection[str], count: int) -> list[Listed]:
        """Return up to `count` of the `allowed` ids that go with `seen` (oldest first), best first."""
        history = tuple(self.number[i] for i in seen if i in self.number)
        return list(self._list(history, frozenset(allowed), store=store, count=count))

    def _list_of(
        self, history: tuple[int, ...], allowed: frozenset[str], *, store: str, count: int
    ) -> tuple[Listed, ...]:
        seen = np.array(history, dtype=np.int32)
        picks = self.blend(store).rank(seen, self._mask(allowed), count)
        return tuple(Listed(self.ids[p.item], p.model, self._evidence(p.model, p.item, seen)) for p in picks)

    def _mask_of(self, allowed: frozenset[str]) -> Mask:
        mask = np.zeros(len(self.ids), dtype=np.bool_)
        mask[[self.number[i] for i in allowed if i in self.number]] = True
        return mask

    def _evidence(self, model: str, item: int, history: Ints) -> str | None:
        if model == "popular" or not len(history):
            return None
        rows = self.after.followers_ if model == "after" else self.alike.neighbours_
        latest: list[int] = list(dict.fromkeys(history[::-1].tolist()))
        strength = [0.6**k * strength_of(rows, other, item) for k, other in enumerate(latest)]
        return self.ids[latest[max(range(len(latest)), key=strength.__getitem__)]]

    def save(self) -> bytes:
        """Return the model as one checksummed file."""
        arrays: dict[str, NDArray[Any]] = {"groups": self.groups}
        for name, rows in (("after", self.after.followers_), ("alike", self.alike.neighbours_)):
            arrays |= {
                f"{name}_data": rows.data,
                f"{name}_indices": rows.indices,
                f"{name}_indptr": rows.indptr,
            }
        stores = sorted(self.popular)
        arrays["popular"] = np.stack([self.popular[store].scores_ for store in stores])
        return pack(arrays, {"ids": self.ids, "stores": stores})

    @classmethod
    def load(cls, file: bytes) -> Self:
        """Return the model of `save`; raises `BadModelFile` where the file is not whole."""
        arrays, facts = unpack(file)
        n = len(facts["ids"])
        after, alike = ItemToItem(), ContentLikeness()
        after.followers_, alike.neighbours_ = (
            csr_array(tuple(arrays[f"{name}_{part}"] for part in ("data", "indices", "indptr")), shape=(n, n))
            for name in ("after", "alike")
        )
        popular = {s: _popularity(scores) for s, scores in zip(facts["stores"], arrays["popular"], strict=True)}
        return cls(facts["ids"], arrays["groups"], after, alike, popular)


def _popularity(scores: Floats) -> Popularity:
    model = Popularity()
    model.scores_ = scores
    return model
