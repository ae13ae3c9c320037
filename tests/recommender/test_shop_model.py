"""The served model: suggestions with evidence, the same after saving and loading."""

from __future__ import annotations

import pytest

from recommender.files import BadModelFile, pack
from recommender.sessions import Sessions
from recommender.shop_model import ShopModel
from tests.recommender.obvious import IDS, TEXTS, sessions

HERE = Sessions.from_taps([("v", "lamp", 1.0), ("w", "lamp", 2.0)], IDS)


def learned() -> ShopModel:
    return ShopModel.learn(sessions(), texts=TEXTS, groups=[0, 1, 0, 2, 2, 3, 2], stores={"MAD": HERE})


def test_each_suggestion_says_where_it_comes_from() -> None:
    best = learned().rank(["lamp", "boots"], store="MAD", allowed=IDS, count=4)[0]
    assert (best.item, best.model, best.evidence) == ("socks", "after", "boots")


def test_a_new_shopper_sees_what_is_popular_in_this_store() -> None:
    assert learned().rank([], store="MAD", allowed=IDS, count=1)[0].item == "lamp"
    assert learned().rank([], store="LON", allowed=IDS, count=1)[0].item != "lamp"


def test_a_product_of_after_the_training_is_no_trouble() -> None:
    found = learned().rank(["never heard of"], store="MAD", allowed=[*IDS, "nor of this"], count=4)
    assert {listed.item for listed in found} <= set(IDS)


def test_a_saved_model_says_the_same() -> None:
    before, after = learned(), ShopModel.load(learned().save())
    for seen in ([], ["boots"], ["tent", "lamp"]):
        assert before.rank(seen, store="MAD", allowed=IDS, count=4) == after.rank(
            seen, store="MAD", allowed=IDS, count=4
        )


def test_a_model_of_parts_not_known_here_is_refused_with_a_sentence() -> None:
    newer = {"ids": list(IDS), "estimators": {"blend": {"estimator": "Oracle", "learned": {}}}}
    with pytest.raises(BadModelFile, match=r"Oracle.*update it or train"):
        ShopModel.load(pack({}, newer))
