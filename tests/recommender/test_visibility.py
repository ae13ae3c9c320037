"""What the shop hides is found in its taps, and brought out to shoppers who like it, at little cost."""

from __future__ import annotations

import numpy as np

from recommender.shop_model import ShopModel
from recommender.simulated_shop import HIDDEN_LEVEL, Shop, visit
from recommender.visibility import hidden_of
from recommender.visibility_trial import Size, tried
from tests.recommender.obvious import IDS, TEXTS, sessions


def test_a_place_where_little_is_tapped_hides_all_that_stands_there() -> None:
    places = np.repeat(np.arange(3, dtype=np.int32), 10)
    taps = np.where(places == 2, 1.0, 20.0)
    taps[0] = 0.0  # a product nobody likes, in a good place
    hidden = hidden_of(places, taps)
    assert hidden[20:].min() > 0.8
    assert hidden[:20].max() < 0.2
    assert hidden_of(places[:0], taps[:0]).tolist() == []
    assert not hidden_of(places, np.zeros(30)).any()


def test_shoppers_tap_what_they_like_of_what_is_in_stock_and_little_of_what_is_hidden() -> None:
    shop, luck = Shop.made(200, np.random.default_rng(3)), np.random.default_rng(4)
    stock = luck.random(200) < 0.5
    taps = [tap.item for _ in range(400) for tap in visit(shop, luck, in_stock=stock)]
    assert stock[taps].all()
    assert 0 < np.mean(shop.level[taps] == HIDDEN_LEVEL) < 0.03


def test_the_hidden_tenth_is_tapped_half_as_much_again_at_a_small_cost_and_never_out_of_stock() -> None:
    trial = tried(Size(products=150, learned_from=2_000, tried_on=300), seed=3)
    assert trial.rise >= 1.5
    assert trial.loss <= 0.03  # the bound is 2 % of the mean; `deploy/bench visibility` measures it on many more
    assert trial.out_of_stock == 0


def model() -> ShopModel:
    return ShopModel.learn(sessions(), texts=TEXTS, groups=list(range(7)), stores={})


def test_a_shop_tells_its_wishes_by_ids_and_every_list_keeps_them() -> None:
    shop = model()
    wishes = shop.wishes(pinned=["lamp", "gone", "boots"], boost={"wax": 9.0}, prices={"mat": 30.0})
    allowed = set(IDS) - {"boots"}
    listed = shop.rank(["boots"], store="MAD", allowed=allowed, count=3, wishes=wishes)
    assert (listed[0].item, listed[0].model) == ("lamp", "pinned")
    assert {one.item for one in listed} <= allowed
    assert shop.rank(["boots"], store="MAD", allowed=IDS, count=3)[0].item == "socks"


def test_a_new_product_is_tried_as_often_as_the_shop_allows_and_the_chance_is_told() -> None:
    shop = model()
    wishes = shop.wishes(fresh=["new-tent"], exploration=0.3)
    ask = {"store": "MAD", "allowed": IDS, "count": 2, "wishes": wishes}
    lists = [shop.rank(["boots"], **ask, luck=np.random.default_rng(seed)) for seed in range(200)]  # type: ignore[arg-type]
    tried_out = [found for found in lists if found[-1].model == "new"]
    assert 0.2 < len(tried_out) / len(lists) < 0.4
    assert all(one.chance == 0.3 for found in tried_out for one in found)
    assert all(one.chance == 0.7 for found in lists if found not in tried_out for one in found)
    assert "new-tent" not in [one.item for one in shop.rank(["boots"], **ask)]  # type: ignore[arg-type]


def test_what_is_listed_only_because_it_is_hidden_says_so() -> None:
    shop = model()
    allowed = ["socks", "wax", "mat"]
    usual = shop.rank(["lamp", "boots"], store="MAD", allowed=allowed, count=1)
    wishes = shop.wishes(hidden={"wax": 0.97, "mat": 0.97}, visibility=9.0, visibility_cost=1.0)
    brought_out = shop.rank(["lamp", "boots"], store="MAD", allowed=allowed, count=1, wishes=wishes)
    assert (usual[0].item, usual[0].model) == ("socks", "after")
    assert (brought_out[0].item, brought_out[0].model) == ("wax", "hidden")
