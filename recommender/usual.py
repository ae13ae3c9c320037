"""The models a blend has when none are named, and what each counts before trees are grown."""

from __future__ import annotations

from collections.abc import Sequence

from recommender.in_session import InSession
from recommender.item_to_item import ItemToItem
from recommender.scorer import Scorer
from recommender.session_knn import SessionKnn
from recommender.walk import Walk

FIRST_WEIGHTS = {
    "after.last": 0.3,
    "after.all": 0.7,
    "around.last": 0.2,
    "around.all": 0.5,
    "around.beyond_last": 0.05,
    "around.beyond_all": 0.1,
    "alike_sessions.next": 0.5,
    "alike_sessions.soon": 0.3,
    "alike_sessions.later": 0.1,
    "alike_sessions.just_before": 0.2,
    "alike_sessions.before": 0.1,
    "new.last": 0.3,
    "new.all": 0.5,
    "in_session.recency": 1.0,
    "in_session.count": 0.01,
    "history.own": 0.2,
    "history.near": 0.3,
}
"""What makes the short list, and the whole list while there are too few sessions to grow trees on."""

OTHER_WEIGHT = 0.25

Named = Sequence[tuple[str, Scorer]]


def usual_models() -> Named:
    """Return the models a blend has when none are named."""
    around = Walk(fade=0.95, backward=0.7, discount=0.5)
    return (
        ("after", ItemToItem()),
        ("around", around),
        ("alike_sessions", SessionKnn()),
        ("in_session", InSession()),
    )
