"""The first model that has an item gives the reason, with the item seen that is loudest there."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from recommender.compiled import packed
from recommender.evidence import Look
from recommender.laying import still
from recommender.reasons import spoken_for
from recommender.rows import Rows


def rows(*strengths: tuple[int, int, float]) -> Rows:
    """Return rows over five items with these `(row, item, strength)`."""
    row, item, strength = zip(*strengths, strict=True)
    return Rows.strongest(csr_array((strength, (row, item)), shape=(5, 5)), keep=5)


def test_each_item_has_the_first_model_that_speaks_for_it_and_its_loudest_item() -> None:
    speakers = packed(still((rows((0, 2, 0.5), (1, 2, 0.4)), rows((0, 2, 9.0), (0, 3, 0.1), (1, 3, 0.9)))))
    look = Look(np.array([1, 0], dtype=np.int32), 2, 0.5)  # the newest, 0, counts whole and 1 half
    which, who = spoken_for(speakers, look, np.array([2, 3, 4], dtype=np.int32))
    assert which.tolist() == [0, 1, -1]
    assert who.tolist() == [0, 1, -1]
