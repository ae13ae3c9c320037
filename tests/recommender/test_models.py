"""Every model keeps the protocol and finds the obvious."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone

from recommender.blend import Blend
from recommender.cold_start import ColdStart
from recommender.content import ContentLikeness
from recommender.evaluation import evaluate
from recommender.history import CustomerHistory
from recommender.item_to_item import ItemToItem
from recommender.popularity import Popularity
from recommender.session_knn import SessionKnn
from recommender.sessions import Sessions
from recommender.usual import usual_models
from recommender.walk import Walk
from tests.recommender.obvious import DAY, IDS, TEXTS, sessions

MODELS = {
    "popularity": Popularity(),
    "after": ItemToItem(),
    "walk": Walk(),
    "alike sessions": SessionKnn(),
    "content": ContentLikeness(texts=TEXTS),
    "history": CustomerHistory(),
    "cold start": ColdStart(texts=TEXTS),
    "blend": Blend(),
    "blend with content": Blend((*usual_models(), ("alike", ContentLikeness(texts=TEXTS)))),
}
KNOWS_ORDER = ("after", "alike sessions", "blend", "blend with content")
ODD = ((), (0,), (0, 3, 0), (6,), (99, -1, 0), (1,) * 10_000)


def number(name: str) -> int:
    return IDS.index(name)


def seen(*names: str) -> np.ndarray:
    return np.array([number(name) for name in names], dtype=np.int32)


def test_sessions_hold_each_session_in_order_of_time() -> None:
    gathered = Sessions.from_taps([("a", "y", 2.0), ("b", "x", 1.0), ("a", "x", 1.5), ("a", "y", 3.0)], "xy")
    assert [items.tolist() for items in gathered] == [[0], [0, 1]]
    assert gathered.ended.tolist() == [1.0, 3.0]


@pytest.mark.parametrize("name", MODELS)
def test_a_list_has_no_item_twice_none_seen_and_none_forbidden(name: str) -> None:
    model = clone(MODELS[name]).fit(sessions())
    allowed = np.array([True, True, False, True, True, True, True])
    for history in ODD:
        listed = model.rank(np.array(history, dtype=np.int32), count=5, allowed=allowed).tolist()
        assert len(set(listed)) == len(listed) <= 5
        assert set(listed) <= set(np.flatnonzero(allowed)) - set(history)


@pytest.mark.parametrize("name", MODELS)
def test_the_same_question_gets_the_same_answer(name: str) -> None:
    one, other = clone(MODELS[name]).fit(sessions()), clone(MODELS[name]).fit(sessions())
    for history in ODD:
        assert one.rank(np.array(history)).tolist() == one.rank(np.array(history)).tolist()
        assert one.rank(np.array(history)).tolist() == other.rank(np.array(history)).tolist()


@pytest.mark.parametrize("name", MODELS)
def test_a_shop_without_any_visit_gives_no_trouble(name: str) -> None:
    model = clone(MODELS[name]).fit(Sessions.from_taps([], IDS))
    assert set(model.rank(seen("boots")).tolist()) <= set(range(len(IDS))) - {number("boots")}


@pytest.mark.parametrize("name", KNOWS_ORDER)
def test_boots_lead_to_socks_and_tents_to_mats(name: str) -> None:
    model = clone(MODELS[name]).fit(sessions())
    for shown, expected in (("boots", "socks"), ("tent", "mat")):
        assert IDS[model.rank(seen(shown))[0]] == expected


def test_the_most_looked_at_is_the_most_popular() -> None:
    best = Popularity().fit(sessions()).rank(seen(), count=2)
    assert {IDS[i] for i in best} == {"boots", "socks"}


def test_what_lies_before_the_window_is_not_popular() -> None:
    listed = Popularity(window=2 * DAY).fit(sessions()).rank(seen())
    assert {IDS[i] for i in listed} == {"boots", "socks"}


def test_a_list_may_repeat_what_was_seen_where_that_is_asked_for() -> None:
    listed = Blend().fit(sessions()).rank(seen("boots", "lamp"), novel=False)
    assert {number("boots"), number("lamp")} <= set(listed.tolist())


def test_what_nobody_has_tapped_is_found_by_its_words() -> None:
    assert IDS[ContentLikeness(texts=TEXTS).fit(sessions()).rank(seen("tent"))[0]] == "new-tent"


def test_an_untapped_item_stands_where_what_it_is_like_stands() -> None:
    model = ColdStart(texts=TEXTS).fit(sessions())
    assert [IDS[i] for i in model.rank(seen("mat"))] == ["new-tent"]
    assert "new-tent" not in [IDS[i] for i in model.rank(seen("lamp"))]


def test_a_price_far_away_makes_things_less_alike() -> None:
    texts = ("red scarf", "red scarf", "red scarf", "lamp", "mat", "pen", "cup")
    near = ContentLikeness(texts=texts, prices=(10, 500, 12, 1, 1, 1, 1)).fit(sessions())
    assert near.rank(np.array([0])).tolist()[:2] == [2, 1]


def test_likeness_is_made_once_for_all_that_ask_about_one_catalogue() -> None:
    one, other = (ContentLikeness(texts=TEXTS).fit(sessions()[:count]) for count in (5, 9))
    assert one.rows_ is other.rows_
    assert ContentLikeness(texts=TEXTS[::-1]).fit(sessions()).rows_ is not one.rows_
    assert IDS[ContentLikeness(texts=TEXTS).fit(sessions()).rank(seen("tent"))[0]] == "new-tent"


def test_length_and_rarity_of_neighbours_weigh_what_is_asked() -> None:
    taps = [("long", item, 0.0 + step) for step, item in enumerate(("boots", "lamp", "wax", "mat", "tent"))]
    every = Sessions.from_taps(
        [*taps, ("short", "boots", 0.0), ("short", "socks", 1.0), ("rare", "wax", 9.0)], IDS
    )
    flat, usual = (SessionKnn(length=power).fit(every) for power in (0.0, 0.5))
    assert len(set(flat.fresh_.round(4))) == 1
    assert len(set(usual.fresh_.round(4))) == 3
    assert SessionKnn(rarity=0.0).fit(every).rarity_.tolist() == [1.0] * len(IDS)


def test_content_wants_one_text_an_item() -> None:
    with pytest.raises(ValueError, match="give one text an item"):
        ContentLikeness(texts=("one",)).fit(sessions())


def test_an_order_that_repeats_is_found_by_the_evaluation() -> None:
    learned, ignorant = ItemToItem().fit(sessions()), Popularity().fit(Sessions.from_taps([], IDS))
    assert evaluate(learned, sessions(), k=1).hit_rate > 0.9
    assert evaluate(ignorant, sessions(), k=1).hit_rate == 0
