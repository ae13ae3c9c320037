"""Fresh visits join what is known without a refit, and the answers know them at once."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone

from recommender.blend import Blend
from recommender.cold_start import ColdStart
from recommender.content import ContentLikeness
from recommender.history import CustomerHistory
from recommender.in_session import InSession
from recommender.item_to_item import ItemToItem
from recommender.past import Past
from recommender.popularity import Popularity
from recommender.session_knn import SessionKnn
from recommender.sessions import Sessions
from recommender.shop_model import ShopModel
from recommender.walk import Walk
from tests.recommender.obvious import DAY, IDS, TEXTS, sessions

MODELS = {
    "popularity": Popularity(),
    "after": ItemToItem(),
    "walk": Walk(),
    "alike sessions": SessionKnn(),
    "in session": InSession(),
    "content": ContentLikeness(texts=TEXTS),
    "history": CustomerHistory(),
    "cold start": ColdStart(texts=TEXTS),
}
COUNTED = ("popularity", "after", "history", "alike sessions")
LAMP, NEW_TENT = IDS.index("lamp"), IDS.index("new-tent")


def fresh(count: int = 9, first: int = 0) -> Sessions:
    """Visits of later days, each from the lamp to the new tent."""
    taps = [
        (f"f{n}", item, (30 + n) * DAY + step)
        for n in range(first, first + count)
        for step, item in enumerate(("lamp", "new-tent"))
    ]
    return Sessions.from_taps(taps, IDS)


def after_a_lamp(model: Blend | SessionKnn | ItemToItem | Popularity) -> list[int]:
    return model.rank(np.array([LAMP], dtype=np.int32), count=7).tolist()


@pytest.mark.parametrize("name", MODELS)
def test_a_model_that_was_joined_answers_and_the_one_before_stays_as_it_was(name: str) -> None:
    model = clone(MODELS[name]).fit(sessions())
    before = after_a_lamp(model)
    every = sessions().followed_by(fresh())
    joined = model.join(Past.of(every), fresh())
    assert after_a_lamp(model) == before
    assert set(after_a_lamp(joined)) <= set(range(len(IDS)))


@pytest.mark.parametrize("name", COUNTED)
def test_what_is_counted_is_counted_as_a_refit_would(name: str) -> None:
    every = sessions().followed_by(fresh())
    joined = clone(MODELS[name]).fit(sessions()).join(Past.of(every), fresh())
    refitted = clone(MODELS[name]).fit(every)
    assert NEW_TENT in after_a_lamp(joined)
    assert after_a_lamp(joined) == after_a_lamp(refitted)


def test_counts_of_the_items_that_joined_are_a_refits_to_the_bit_and_the_others_untouched() -> None:
    every = sessions().followed_by(fresh())
    old = ItemToItem().fit(sessions())
    joined, refitted = old.join(Past.of(every), fresh()).rows_, ItemToItem().fit(every).rows_
    for row in range(len(IDS)):
        expected = refitted if row in (LAMP, NEW_TENT) else old.rows_
        assert (joined.sparse()[row].toarray() == expected.sparse()[row].toarray()).all()


def test_popularity_fades_what_was_known_as_if_it_had_counted_all_at_once() -> None:
    joined = Popularity().fit(sessions()).join(None, fresh(2)).join(None, fresh(3, first=2))
    every = sessions().followed_by(fresh(5))
    assert np.allclose(joined.scores_, Popularity().fit(every).scores_)
    assert np.argmax(joined.scores_) in (LAMP, NEW_TENT)


def test_a_blend_knows_visits_that_joined_in_its_neighbours_counts_popularity_and_trends() -> None:
    blend = Blend().fit(sessions())
    joined = blend.join(fresh())
    assert after_a_lamp(joined)[0] == NEW_TENT != after_a_lamp(blend)[0]
    assert joined.trends_[NEW_TENT, 0] > blend.trends_[NEW_TENT, 0] == 0
    assert joined.order_[0] in (LAMP, NEW_TENT)
    assert blend.order_[0] not in (LAMP, NEW_TENT)


def test_visits_may_join_late_and_out_of_order() -> None:
    one, other = fresh(2), fresh(2, first=2)
    in_order, late = (Blend().fit(sessions()).join(a).join(b) for a, b in ((one, other), (other, one)))
    assert np.array_equal(in_order.past_.items, late.past_.items)
    assert after_a_lamp(in_order) == after_a_lamp(late)


def test_the_past_holds_no_more_than_its_room_and_the_oldest_leave() -> None:
    blend = Blend(room=60).fit(sessions())
    for number in range(50):
        blend = blend.join(fresh(1, first=number))
        assert len(blend.past_.items) <= 60
    assert set(blend.past_.items.tolist()) == {LAMP, NEW_TENT}


def test_nothing_that_joins_changes_nothing() -> None:
    blend = Blend().fit(sessions())
    assert after_a_lamp(blend.join(sessions()[:0])) == after_a_lamp(blend)


def test_visits_over_other_items_are_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="over 2 items cannot join a model of 7: both need its ids"):
        Blend().fit(sessions()).join(Sessions.from_taps([], ("a", "b")))


def test_a_shop_knows_what_joined_here_and_everywhere_and_the_same_after_loading() -> None:
    model = ShopModel.learn(sessions(), texts=TEXTS, groups=[0] * 7, stores={"MAD": sessions()})
    joined = model.join(fresh(), stores={"MAD": fresh()[:0], "LON": fresh()})
    listed = joined.rank(["lamp"], store="MAD", allowed=IDS, count=3)
    assert (listed[0].item, listed[0].model, listed[0].evidence) == ("new-tent", "after", "lamp")
    first = {store: joined.rank([], store=store, allowed=IDS, count=1)[0].item for store in ("MAD", "LON", "BCN")}
    assert first["MAD"] == "boots"
    assert {first["LON"], first["BCN"]} <= {"lamp", "new-tent"}
    loaded = ShopModel.load(joined.save())
    assert loaded.rank(["lamp"], store="LON", allowed=IDS, count=5) == joined.rank(
        ["lamp"], store="LON", allowed=IDS, count=5
    )
    again = [
        one.join(fresh(2, first=9)).rank(["wax"], store="LON", allowed=IDS, count=5) for one in (joined, loaded)
    ]
    assert again[0] == again[1]


def test_an_array_that_two_parts_share_is_saved_once_and_shared_again() -> None:
    loaded = ShopModel.load(ShopModel.learn(sessions(), texts=TEXTS, groups=[0] * 7, stores={}).save())
    assert loaded.blend.past_.items is dict(loaded.blend.models_)["alike_sessions"].past_.items
