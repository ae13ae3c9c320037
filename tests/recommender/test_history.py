"""A customer's past speaks in every list of theirs, and nobody's past in nobody's."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.blend import Blend
from recommender.history import NOBODY, Customer, CustomerHistory
from recommender.shop_model import ShopModel
from tests.recommender.obvious import DAY, IDS, TEXTS, sessions
from tests.recommender.test_blend import LONG, chains

NOTHING_SEEN = np.empty(0, dtype=np.int32)
NOW = 1_000 * DAY


def test_what_was_bought_lately_counts_most_and_a_long_past_is_cut() -> None:
    past = [(1, "till", NOW), (2, "web", NOW), (3, "till", NOW - 60 * DAY), (4, "pigeon", NOW), (2, "web", NOW)]
    known = Customer.known_by(past, NOW)
    assert dict(zip(known.items.tolist(), known.weights.tolist(), strict=True)) == pytest.approx(
        {1: 3.0, 3: 1.5, 2: 1.0, 4: 0.5}
    )
    assert len(Customer.known_by([(item, "web", NOW) for item in range(500)], NOW).items) == 50


def test_a_history_alone_makes_a_list_and_nobody_s_makes_none() -> None:
    model = CustomerHistory().fit(sessions())
    listed = model.rank(np.array([IDS.index("tent")]), novel=False)
    assert [IDS[item] for item in listed] == ["tent", "mat"]
    assert model.rank(NOTHING_SEEN).tolist() == []


@pytest.fixture(scope="module")
def blend() -> Blend:
    """A blend whose trees are grown."""
    return Blend(trees=30).fit(chains())


def test_a_blend_lists_for_a_customer_what_goes_with_their_past(blend: Blend) -> None:
    assert blend.forest_ is not None
    chain = 7 * LONG
    known = Customer(np.array([chain + 2], np.int32), np.ones(1))
    for_them, for_anybody = (blend.rank(NOTHING_SEEN, count=5, customer=one).tolist() for one in (known, NOBODY))
    assert len(set(range(chain, chain + LONG)) & set(for_them)) >= 3
    assert for_anybody == blend.order_[:5].tolist()


def test_after_a_customer_was_here_nothing_of_them_stays(blend: Blend) -> None:
    seen = np.array([3, 4], dtype=np.int32)
    before = blend.rank(seen).tolist()
    known = Customer(np.array([50, 90], np.int32), np.ones(2))
    assert blend.rank(seen, customer=known).tolist() != before
    assert blend.rank(seen).tolist() == before


def test_a_shop_tells_that_an_item_comes_from_a_customer_s_past_and_keeps_to_what_is_allowed() -> None:
    shop = ShopModel.learn(sessions(), texts=TEXTS, groups=list(range(7)), stores={})
    known = shop.customer([("tent", "app", NOW), ("gone", "till", NOW)], NOW)
    best = shop.rank([], store="MAD", allowed=["mat", "socks", "boots"], count=1, customer=known)
    assert [(one.item, one.model, one.evidence) for one in best] == [("mat", "history", None)]
    loaded = ShopModel.load(shop.save())
    assert loaded.rank([], store="MAD", allowed=["mat", "socks", "boots"], count=1, customer=known) == best
    assert shop.rank([], store="MAD", allowed=["mat", "socks", "boots"], count=1)[0].item != "mat"
