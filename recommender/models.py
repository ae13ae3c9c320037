"""The models by the names the command line knows."""

from __future__ import annotations

from collections.abc import Callable

from recommender.blend import Blend
from recommender.in_session import InSession
from recommender.item_to_item import ItemToItem
from recommender.popularity import Popularity
from recommender.scorer import Ranker
from recommender.session_knn import SessionKnn

MODELS: dict[str, Callable[[], Ranker]] = {
    "blend": Blend,
    "popularity": Popularity,
    "item_to_item": ItemToItem,
    "session_knn": SessionKnn,
    "in_session": InSession,
}
