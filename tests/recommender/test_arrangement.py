"""A shop's wishes are fulfilled within their bounds, and never against what is allowed."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.arrangement import Judged, Wishes, surfaced, varied, wished
from recommender.blend import Blend
from recommender.content import ContentLikeness
from recommender.usual import usual_models
from tests.recommender.obvious import IDS, TEXTS, sessions

N = len(IDS)
BLEND = Blend((*usual_models(), ("alike", ContentLikeness(texts=TEXTS)))).fit(sessions())
BOOTS = np.array([IDS.index("boots")], dtype=np.int32)


def listed(wishes: Wishes, seed: int = 0, **asked: object) -> list[str]:
    found, _ = BLEND.arrange(BOOTS, wishes, luck=np.random.default_rng(seed), **asked)  # type: ignore[arg-type]
    return [IDS[item] for item in found]


def only(name: str, amount: float) -> np.ndarray:
    return np.where(np.array(IDS) == name, amount, 0.0)


def test_without_wishes_a_list_is_the_ranking() -> None:
    assert listed(Wishes(), count=4) == [IDS[item] for item in BLEND.rank(BOOTS, count=4)]


def test_what_is_pinned_comes_first_and_what_is_not_allowed_never() -> None:
    pins = (IDS.index("lamp"), IDS.index("mat"))
    allowed = np.array(IDS) != "mat"
    assert listed(Wishes(pinned=pins), count=3, allowed=allowed)[0] == "lamp"
    assert "mat" not in listed(Wishes(pinned=pins), count=7, allowed=allowed)


def test_a_boost_raises_and_a_distant_price_lowers() -> None:
    judged = Judged(np.array([1, 2], np.int32), np.array([1.0, 0.5]))
    ask = {"seen": BOOTS, "count": 2}
    assert wished(judged, Wishes(boost=only("wax", 0.7)), **ask).items.tolist() == [2, 1]
    dear = Wishes(log_prices=only("socks", 3.0), price_weight=0.3)
    assert wished(judged, dear, **ask).items.tolist() == [2, 1]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(-4, 4), min_size=1, max_size=40), st.integers(1, 25), st.floats(0, 5))
def test_hidden_products_push_at_most_the_last_out_of_what_counts(
    scores: list[float], count: int, visibility: float
) -> None:
    ordered = -np.sort(-np.array(scores))
    judged = Judged(np.arange(len(scores), dtype=np.int32), ordered)
    hidden = np.random.default_rng(len(scores)).random(len(scores))
    after = surfaced(judged, Wishes(hidden=hidden, visibility=visibility), seen=BOOTS, count=count)
    first = max(count, 20)
    assert set(judged.items[: first - 1].tolist()) <= set(after.items[:first].tolist())
    assert set(after.items.tolist()) == set(judged.items.tolist())


def test_the_hits_given_up_for_hidden_products_are_the_share_stated() -> None:
    scores = np.append(np.linspace(5, 3, 20), 2.9)
    judged = Judged(np.arange(21, dtype=np.int32), scores, last_share=0.04)
    wishes = Wishes(hidden=np.where(np.arange(21) == 20, 0.95, 0.0), visibility_cost=0.01)
    histories = np.arange(4_000, dtype=np.int32)[:, None]
    pushed_out = [19 not in surfaced(judged, wishes, seen=seen, count=20).items[:20] for seen in histories]
    assert abs(np.mean(pushed_out) * 0.04 - 0.01) < 0.001


def test_a_hidden_product_that_counts_already_is_shown_for_nothing() -> None:
    judged = Judged(np.array([0, 1, 2], np.int32), np.array([2.0, 1.0, 0.9]))
    after = surfaced(judged, Wishes(hidden=np.array([0, 0, 0.9]), visibility_cost=0.0), seen=BOOTS, count=2)
    assert after.items.tolist() == [2, 0, 1]


def test_variety_passes_over_more_of_the_same() -> None:
    points = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    judged = Judged(np.arange(3, dtype=np.int32), np.array([1.0, 0.9, 0.5]))
    assert varied(judged, points, diversity=0.0, count=2).tolist() == [0, 1]
    assert varied(judged, points, diversity=0.5, count=2).tolist() == [0, 2]


def test_new_items_get_the_last_place_of_their_share_of_lists_and_no_other() -> None:
    new = IDS.index("new-tent")
    usual = listed(Wishes(), count=2)
    wishes = Wishes(fresh=(new,), exploration=0.25)
    lists = [listed(wishes, seed, count=2) for seed in range(200)]
    shown = [found for found in lists if "new-tent" in found]
    assert all(found[:1] == usual[:1] for found in lists)
    assert all(found[-1] == "new-tent" for found in shown)
    assert 0.15 < len(shown) / len(lists) < 0.35
    assert BLEND.arrange(BOOTS, wishes, count=2, luck=np.random.default_rng(1))[1] in (0.25, 0.75)
