"""Which items a set of ids means, as arrays that are made once for as long as somebody holds the set."""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakKeyDictionary

import numpy as np

from recommender.sessions import Mask


class Masks:
    """Masks of sets of ids: a store's goods change less often than a model is joined. Safe for many threads."""

    def __init__(self, number: Mapping[str, int]) -> None:
        self._number = number
        self._made: WeakKeyDictionary[frozenset[str], Mask] = WeakKeyDictionary()

    def __len__(self) -> int:
        """Return how many are held."""
        return len(self._made)

    def of(self, ids: frozenset[str]) -> Mask:
        """Return the mask (n_items,) of those of the ids that are known; not to be written to."""
        mask = self._made.get(ids)
        if mask is None:
            mask = np.zeros(len(self._number), dtype=np.bool_)
            mask[[self._number[one] for one in ids if one in self._number]] = True
            self._made[ids] = mask
        return mask
