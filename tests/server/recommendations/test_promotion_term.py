"""Random shops: where no promotion runs, lists are as without the term; one that runs lifts only its own goods."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.sessions import Sessions
from recommender.shop_model import ShopModel
from server.recommendations.by_price import PRICE_WEIGHT
from server.recommendations.rules import Wishes
from server.recommendations.shop_prices import ShopPrices
from server.recommendations.wished import Wished
from tests.clock import NOW

GOODS = tuple(f"good {number}" for number in range(30))
SEEN = st.lists(st.sampled_from(GOODS), max_size=5)
SOME = st.frozensets(st.sampled_from(GOODS))
COUNTS = st.integers(1, 20)
PRICES = st.lists(st.none() | st.integers(1, 90_000), min_size=len(GOODS), max_size=len(GOODS))
SHOPS = 3


@dataclass(frozen=True)
class Asked:
    """What is asked of a shop's model: after what, of which goods, how many, at which prices."""

    seen: list[str]
    allowed: frozenset[str]
    count: int
    prices: dict[str, int]

    def shop(self, reduced: Iterable[str] = (), offered: Iterable[str] = ()) -> ShopPrices:
        return ShopPrices(self.prices, frozenset(reduced), NOW, NOW, frozenset(offered))


ASKED = st.builds(
    lambda seen, out, count, prices: Asked(
        seen, frozenset(GOODS) - out, count, {g: p for g, p in zip(GOODS, prices, strict=True) if p}
    ),
    SEEN,
    SOME,
    COUNTS,
    PRICES,
)


@pytest.fixture(scope="module")
def models() -> list[ShopModel]:
    return [_learned(random.Random(seed), in_families=seed > 0) for seed in range(SHOPS)]


def _learned(luck: random.Random, *, in_families: bool) -> ShopModel:
    """Learn from visits that go on to what lies next, on a shelf of its own order in each shop."""
    shelf, taps = luck.sample(GOODS, len(GOODS)), []
    for visit in range(250):
        at = luck.randrange(len(GOODS))
        for step in range(luck.randint(1, 5)):
            taps.append((f"v{visit}", shelf[at], visit * 3600.0 + step * 30))
            at = (at + luck.choice((1, 1, 2, -1, 7))) % len(GOODS)
    sessions = Sessions.from_taps(taps, GOODS)
    families = [luck.randrange(8) for _ in GOODS] if in_families else list(range(len(GOODS)))
    return ShopModel.learn(sessions, texts=GOODS, groups=families, stores={"MAD": sessions[: len(sessions) // 2]})


def _list(model: ShopModel, asked: Asked, wishes: Wishes) -> list[str]:
    told = Wished(0.0).of("MAD", model, wishes, now=NOW)
    ask: dict[str, Any] = {"store": "MAD", "allowed": asked.allowed, "count": asked.count, "wishes": told}
    return [one.item for one in model.rank(asked.seen, **ask)]


@settings(max_examples=120, deadline=None)
@given(asked=ASKED, number=st.integers(0, SHOPS - 1), boosted=SOME)
def test_where_no_promotion_runs_lists_are_as_without_the_term(
    models: list[ShopModel], asked: Asked, number: int, boosted: frozenset[str]
) -> None:
    model, boosts = models[number], dict.fromkeys(boosted, 0.7) or None
    without = model.wishes(boost=boosts or {}, prices=asked.prices, price_weight=PRICE_WEIGHT)
    ask: dict[str, Any] = {"store": "MAD", "allowed": asked.allowed, "count": asked.count, "wishes": without}
    expected = [one.item for one in model.rank(asked.seen, **ask)]
    assert _list(model, asked, Wishes(shop=asked.shop(), boosts=boosts)) == expected
    elsewhere = asked.shop(reduced={"a good of another chain"})
    assert _list(model, asked, Wishes(shop=elsewhere, boosts=boosts)) == expected


@settings(max_examples=120, deadline=None)
@given(asked=ASKED, number=st.integers(0, SHOPS - 1), reduced=SOME, offered=SOME)
def test_a_promotion_raises_its_own_goods_and_no_others(
    models: list[ShopModel], asked: Asked, number: int, reduced: frozenset[str], offered: frozenset[str]
) -> None:
    model, promoted = models[number], reduced | offered
    every = replace(asked, count=len(GOODS))
    before = _list(model, every, Wishes(shop=every.shop()))
    after = _list(model, every, Wishes(shop=every.shop(reduced, offered)))
    assert set(after) == set(before)
    assert all(after.index(one) >= before.index(one) for one in after if one not in promoted)
    if len(set(model.groups.tolist())) == len(
        GOODS
    ):  # in families, what is raised takes a place of its own family's
        assert [one for one in before if one not in promoted] == [one for one in after if one not in promoted]
