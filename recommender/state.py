"""What estimators have learned, as named arrays and JSON, and back again; nothing is ever executed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.blend import Blend
from recommender.cold_start import ColdStart
from recommender.content import ContentLikeness
from recommender.forest import Forest
from recommender.history import CustomerHistory
from recommender.in_session import InSession
from recommender.item_to_item import ItemToItem
from recommender.past import Past
from recommender.popularity import Popularity
from recommender.rows import Rows
from recommender.session_knn import SessionKnn
from recommender.walk import Walk

ESTIMATORS = {
    c.__name__: c
    for c in (
        Blend,
        ColdStart,
        ContentLikeness,
        CustomerHistory,
        InSession,
        ItemToItem,
        Popularity,
        SessionKnn,
        Walk,
    )
}
RECORDS = {c.__name__: c for c in (Forest, Past, Rows)}

Arrays = dict[str, NDArray[Any]]


def state_of(estimators: Mapping[str, Any]) -> tuple[Arrays, dict[str, Any]]:
    """Return all arrays under the path of attributes that leads to them, and the rest as JSON."""
    arrays: Arrays = {}
    return arrays, {name: _told(one, name, arrays) for name, one in estimators.items()}


def restored(arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fitted estimators of `state_of`. Raises KeyError for a class it does not know."""
    return {name: _made(one, arrays) for name, one in facts.items()}


def _told(value: Any, path: str, arrays: Arrays) -> Any:
    kind = type(value).__name__
    if isinstance(value, np.ndarray):
        path = next((known for known, array in arrays.items() if array is value), path)
        arrays[path] = value
        return {"array": path}
    if kind in RECORDS:
        return {"record": kind, "fields": [_told(v, f"{path}.{n}", arrays) for n, v in value._asdict().items()]}
    if kind in ESTIMATORS:
        return {"estimator": kind, "learned": _learned(value, path, arrays)}
    if isinstance(value, list | tuple):
        return [_told(one, f"{path}.{place}", arrays) for place, one in enumerate(value)]
    return value.item() if isinstance(value, np.generic) else value


def _learned(estimator: Any, path: str, arrays: Arrays) -> dict[str, Any]:
    """Return parameters as they are and what was learned; what is learned from is left behind."""
    own = {n: v for n, v in vars(estimator).items() if n not in estimator.left_behind}
    return {name: _told(value, f"{path}.{name}", arrays) for name, value in own.items()}


def _made(told: Any, arrays: Mapping[str, NDArray[Any]]) -> Any:
    if isinstance(told, list):
        return [_made(one, arrays) for one in told]
    if not isinstance(told, dict):
        return told
    if "array" in told:
        return arrays[told["array"]]
    if "record" in told:
        return RECORDS[told["record"]](*(_made(one, arrays) for one in told["fields"]))
    estimator = ESTIMATORS[told["estimator"]]()
    for name, value in told["learned"].items():
        setattr(estimator, name, _made(value, arrays))
    return estimator.make_ready() if isinstance(estimator, Blend) else estimator
