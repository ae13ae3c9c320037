"""Lists that were shown, and what their visits did afterwards, from the timeline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.recommendations.outcomes import ListShown, Outcome, Step, Tile, outcomes_of
from server.timeline.left_out.counting import counts
from server.timeline.models import Event, EventKind
from server.timeline.queries import LOOKED_AT

VISIT_LASTS = timedelta(hours=12)
"""For how long after a list its visit is followed, and before it looked back on."""

AT_ONCE = 5000


def outcomes(session: Session, store_id: str, *, since: datetime, until: datetime) -> list[Outcome]:
    """Return every list that counts and was shown in a store in `[since, until)`, and what became of it."""
    lists = list(_lists(session, store_id, since=since, until=until))
    visits = {one.visit_id for one in lists}
    steps = _steps(session, store_id, since=since - VISIT_LASTS, until=until + VISIT_LASTS)
    return outcomes_of(lists, (step for step in steps if step.visit_id in visits))


def _lists(session: Session, store_id: str, *, since: datetime, until: datetime) -> Iterator[ListShown]:
    wanted = select(Event.cause_id, Event.visit_id, Event.corrected_at, Event.properties).where(
        Event.store_id == store_id,
        Event.corrected_at >= since,
        Event.corrected_at < until,
        Event.kind == EventKind.SUGGESTIONS_SHOWN,
        counts(),
    )
    for tap, visit, at, told in session.execute(wanted.execution_options(yield_per=AT_ONCE)):
        if tap is None or visit is None:
            continue
        tiles = tuple(Tile(one["product_id"], one["position"], one["reason"]) for one in told.get("tiles", ()))
        yield ListShown(tap, visit, at, told["model_version"], told["held_out"], told["propensity"], tiles)


def _steps(session: Session, store_id: str, *, since: datetime, until: datetime) -> Iterator[Step]:
    columns = (Event.id, Event.visit_id, Event.corrected_at, Event.product_id, Event.cause_id, Event.kind)
    wanted = select(*columns).where(
        Event.store_id == store_id,
        Event.corrected_at >= since,
        Event.corrected_at < until,
        Event.kind.in_(LOOKED_AT),
        counts(),
    )
    for event, visit, at, product, cause, kind in session.execute(wanted.execution_options(yield_per=AT_ONCE)):
        if visit is not None and product is not None:
            yield Step(event, visit, at, product, cause, kind == EventKind.SUGGESTION_OPENED)
