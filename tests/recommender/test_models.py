"""Every model keeps the protocol and finds the obvious."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone

from recommender.blend import Blend
from recommender.content import ContentLikeness
from recommender.evaluation import evaluate
from recommender.item_to_item import ItemToItem
from recommender.popularity import Popularity
from recommender.sessions import Sessions
from tests.recommender.obvious import IDS, TEXTS, sessions

MODELS = {
    "popularity": Popularity(),
    "item_to_item": ItemToItem(),
    "content": ContentLikeness(texts=TEXTS),
    "blend": Blend(
        {"after": ItemToItem(), "alike": ContentLikeness(texts=TEXTS), "popular": Popularity()},
        {"after": 1.0, "alike": 0.3, "popular": 0.1},
    ),
}


def number(name: str) -> int:
    return IDS.index(name)


def seen(*names: str) -> np.ndarray:
    return np.array([number(name) for name in names], dtype=np.int32)


def test_sessions_hold_each_session_in_order_of_time() -> None:
    gathered = Sessions.from_taps([("a", "y", 2.0), ("b", "x", 1.0), ("a", "x", 1.5), ("a", "y", 3.0)], "xy")
    assert [items.tolist() for items in gathered] == [[0], [0, 1]]
    assert gathered.ended.tolist() == [1.0, 3.0]


@pytest.mark.parametrize("name", MODELS)
def test_scores_are_one_finite_number_an_item_and_never_negative(name: str) -> None:
    model = clone(MODELS[name]).fit(sessions())
    for history in ((), ("boots",), ("boots", "tent", "boots")):
        scores = model.scores(seen(*history))
        assert scores.shape == (len(IDS),)
        assert np.isfinite(scores).all()
        assert (scores >= 0).all()


@pytest.mark.parametrize("name", MODELS)
def test_a_shop_without_any_visit_gives_no_trouble(name: str) -> None:
    model = clone(MODELS[name]).fit(Sessions.from_taps([], IDS))
    assert np.isfinite(model.scores(seen("boots"))).all()


@pytest.mark.parametrize("name", ["item_to_item", "blend"])
def test_boots_lead_to_socks_and_tents_to_mats(name: str) -> None:
    model = clone(MODELS[name]).fit(sessions())
    for shown, expected in (("boots", "socks"), ("tent", "mat")):
        scores = model.scores(seen(shown))
        scores[number(shown)] = -1
        assert IDS[int(scores.argmax())] == expected


def test_the_most_looked_at_is_the_most_popular() -> None:
    scores = Popularity().fit(sessions()).scores(seen())
    assert {IDS[i] for i in np.argsort(-scores)[:2]} == {"boots", "socks"}


def test_what_nobody_has_tapped_is_found_by_its_words() -> None:
    scores = ContentLikeness(texts=TEXTS).fit(sessions()).scores(seen("tent"))
    assert IDS[int(scores.argmax())] == "new-tent"


def test_content_wants_one_text_an_item() -> None:
    with pytest.raises(ValueError, match="give one text an item"):
        ContentLikeness(texts=("one",)).fit(sessions())


def test_an_order_that_repeats_is_found_by_the_evaluation() -> None:
    learned, ignorant = ItemToItem().fit(sessions()), Popularity().fit(Sessions.from_taps([], IDS))
    assert evaluate(learned, sessions(), k=1).hit_rate > 0.9
    assert evaluate(ignorant, sessions(), k=1).hit_rate == 0
