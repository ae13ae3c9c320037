"""The list a shopper sees: allowed only, nothing seen, families mixed, each with its reason."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.blend import Blend
from recommender.content import ContentLikeness
from recommender.item_to_item import ItemToItem
from recommender.popularity import Popularity
from tests.recommender.obvious import IDS, TEXTS, sessions

FAMILIES = np.array([0, 1, 0, 2, 2, 3, 2], dtype=np.int32)


def blend(per_group: int = 2) -> Blend:
    return Blend(
        {"after": ItemToItem(), "alike": ContentLikeness(texts=TEXTS), "popular": Popularity()},
        {"after": 1.0, "alike": 0.3, "popular": 0.1},
        groups=FAMILIES,
        per_group=per_group,
    ).fit(sessions())


def names(picks: list) -> list[str]:
    return [IDS[pick.item] for pick in picks]


def test_the_loudest_model_gives_the_reason() -> None:
    picks = blend().rank(np.array([IDS.index("tent")], dtype=np.int32), np.ones(len(IDS), bool), 3)
    reasons = {IDS[pick.item]: pick.model for pick in picks}
    assert reasons["mat"] == "after"
    assert reasons["new-tent"] == "alike"


def test_a_family_does_not_fill_the_list_while_others_wait() -> None:
    picks = blend(per_group=1).rank(np.array([IDS.index("boots")], dtype=np.int32), np.ones(len(IDS), bool), 3)
    families = [int(FAMILIES[pick.item]) for pick in picks]
    assert len(set(families)) == len(families)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, len(IDS) - 1), max_size=6), st.sets(st.integers(0, len(IDS) - 1)))
def test_a_list_holds_only_what_is_allowed_and_unseen(history: list[int], allowed: set[int]) -> None:
    mask = np.zeros(len(IDS), bool)
    mask[list(allowed)] = True
    picks = blend().rank(np.array(history, dtype=np.int32), mask, 4)
    chosen = [pick.item for pick in picks]
    assert set(chosen) <= allowed - set(history)
    assert len(chosen) == len(set(chosen)) <= 4
