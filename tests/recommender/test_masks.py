"""What a join may and may not take along: no list of before, but what no visit changes."""

from __future__ import annotations

import gc

import numpy as np

from recommender.masks import Masks
from recommender.sessions import Sessions
from recommender.shop_model import ShopModel
from tests.recommender.obvious import DAY, IDS, TEXTS, sessions

NUMBER = {name: place for place, name in enumerate(IDS)}
FRESH = [
    (f"f{n}", item, (30 + n) * DAY + step) for n in range(9) for step, item in enumerate(("lamp", "new-tent"))
]


def learned() -> ShopModel:
    return ShopModel.learn(sessions(), texts=TEXTS, groups=[0] * 7, stores={"MAD": sessions(), "LON": sessions()})


def test_a_list_that_was_remembered_is_made_anew_once_visits_have_joined() -> None:
    model, goods = learned(), frozenset(IDS)
    ways = [(seen, store) for seen in (["lamp"], ["boots"], []) for store in ("MAD", "LON")]

    def lists(of: ShopModel) -> list[list[str]]:
        return [[one.item for one in of.rank(seen, store=s, allowed=goods, count=5)] for seen, s in ways]

    before = lists(model)
    assert lists(model) == before
    joined = model.join(Sessions.from_taps(FRESH, IDS), stores={"LON": Sessions.from_taps(FRESH, IDS)})
    untouched = learned().join(Sessions.from_taps(FRESH, IDS), stores={"LON": Sessions.from_taps(FRESH, IDS)})
    assert lists(joined) == lists(untouched) != before
    assert lists(joined)[0][0] == "new-tent"
    assert lists(model) == before


def test_a_store_without_a_fresh_visit_keeps_its_popularity() -> None:
    model = learned()
    joined = model.join(Sessions.from_taps(FRESH, IDS), stores={"LON": Sessions.from_taps(FRESH, IDS)})
    assert joined.popular["MAD"] is model.popular["MAD"]
    assert not np.array_equal(joined.popular["LON"].scores_, model.popular["LON"].scores_)


def test_a_mask_is_made_once_while_its_set_is_held_and_let_go_with_it() -> None:
    masks, goods = Masks(NUMBER), frozenset(["boots", "lamp", "not known here"])
    made = masks.of(goods)
    assert {IDS[item] for item in np.flatnonzero(made)} == {"boots", "lamp"}
    assert masks.of(frozenset(["lamp", "boots", "not known here"])) is made
    assert masks
    del goods
    gc.collect()
    assert not masks
