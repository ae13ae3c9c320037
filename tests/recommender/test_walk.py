"""What stands at second hand: items that go together but were never tapped in one visit."""

from __future__ import annotations

import numpy as np

from recommender.blend import Blend
from recommender.past import Past
from recommender.sessions import Sessions
from recommender.walk import Walk

IDS = ["boots", "socks", "laces", "mat", "tent", "rope"]
BOOTS, SOCKS, LACES, MAT, TENT, ROPE = range(len(IDS))
VISITS = (("boots", "socks"), ("socks", "laces"), ("laces", "mat"), ("tent", "rope"), ("tent", "rope"))


def visits(*pairs: tuple[str, str], first: int = 0) -> Sessions:
    taps = [(f"v{n}", item, 60.0 * n + at) for n, pair in enumerate(pairs, first) for at, item in enumerate(pair)]
    return Sessions.from_taps(taps, IDS)


def beyond(model: Walk, item: int) -> list[int]:
    return model.beyond_.others[model.beyond_.first[item] : model.beyond_.first[item + 1]].tolist()


def test_two_steps_lead_where_one_does_not() -> None:
    model = Walk(backward=0.7).fit(visits(*VISITS))
    assert beyond(model, BOOTS) == [LACES]
    assert sorted(beyond(model, SOCKS)) == [MAT]
    assert beyond(model, TENT) == []


def test_a_full_row_leaves_no_room_beyond_it() -> None:
    model = Walk(backward=0.7, keep=1).fit(visits(*VISITS))
    assert beyond(model, BOOTS) == []


def test_a_list_goes_on_with_what_was_never_tapped_in_one_visit_before_what_is_popular() -> None:
    listed = Blend().fit(visits(*VISITS)).rank(np.array([BOOTS], dtype=np.int32), count=3).tolist()
    assert listed[:2] == [SOCKS, LACES]


def test_a_fresh_visit_opens_a_way() -> None:
    past, fresh = visits(*VISITS), visits(("boots", "tent"), first=9)
    joined = Walk(backward=0.7).fit(past).join(Past.of(past.followed_by(fresh)), fresh)
    assert sorted(beyond(joined, BOOTS)) == [LACES, ROPE]
