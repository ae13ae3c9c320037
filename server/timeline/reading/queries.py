"""Timelines in the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from server.timeline.models import Event
from server.timeline.people.queries import names_nobody
from server.timeline.reading.asked import Filter, Whose
from server.timeline.reading.cursor import Place

AT_ONCE = 1000


def newest_first(
    session: Session, whose: Whose, wanted: Filter, *, before: Place | None = None, limit: int = 50
) -> list[Event]:
    """Return somebody's events over all channels, the newest first, from a place on where one is given.

    What names a customer is that customer's: with names given, only what names none follows its visit.

    Each way to find them is an index that holds them in order, so that it costs the same however long it is: each
    name has its own, and the visits one. Only what is told of all that is read whole.
    """
    kept = [*conditions(wanted), *_older(before)]
    arms = list(_arms(whose))
    if len(arms) == 1:
        return list(session.scalars(_newest(select(Event), [*arms, *kept]).limit(limit)))
    places: set[Place] = {
        (at, event_id)
        for arm in arms
        for at, event_id in session.execute(_newest(select(*PLACED), [arm, *kept]).limit(limit))
    }
    return _at(session, sorted(places, reverse=True)[:limit])


PLACED = (Event.corrected_at, Event.id)


def _arms(whose: Whose) -> Iterator[ColumnElement[bool]]:
    for user in whose.users:
        yield Event.user_id == user
    if whose.visits:
        of_visits = Event.visit_id.in_(whose.visits)
        yield and_(of_visits, names_nobody()) if whose.users else of_visits


def _newest(asked: Any, conditions: Sequence[ColumnElement[bool]]) -> Any:
    return asked.where(*conditions).order_by(*(one.desc() for one in PLACED))


def _at(session: Session, places: Sequence[Place]) -> list[Event]:
    """Return the events at places, in their order; the moments lead PostgreSQL to the months they are in."""
    if not places:
        return []
    between = Event.corrected_at.between(places[-1][0], places[0][0])
    found = session.scalars(select(Event).where(Event.id.in_([one for _, one in places]), between))
    return sorted(found, key=lambda event: (event.corrected_at, event.id), reverse=True)


def whole(session: Session, whose: Whose) -> Iterator[Event]:
    """Yield all of somebody's events, the newest first."""
    before: Place | None = None
    while found := newest_first(session, whose, Filter(), before=before, limit=AT_ONCE):
        yield from found
        before = found[-1].corrected_at, found[-1].id


def _older(before: Place | None) -> list[ColumnElement[bool]]:
    if before is None:
        return []
    moment, event_id = before
    same = and_(Event.corrected_at == moment, Event.id < event_id)
    return [Event.corrected_at <= moment, or_(Event.corrected_at < moment, same)]


def conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    """Return the conditions that leave in what is wanted."""
    within = {Event.channel: wanted.channels, Event.kind: wanted.kinds, Event.store_id: wanted.stores}
    kept: list[ColumnElement[bool]] = [column.in_(values) for column, values in within.items() if values]
    if wanted.since is not None:
        kept.append(Event.corrected_at >= wanted.since)
    if wanted.until is not None:
        kept.append(Event.corrected_at < wanted.until)
    return kept


def everything(session: Session, wanted: Filter) -> Iterator[list[Event]]:
    """Yield all events that are wanted, in no order, some at a time, as many as there may be."""
    rows = session.scalars(select(Event).where(*conditions(wanted)).execution_options(yield_per=AT_ONCE))
    for some in rows.partitions():
        yield list(some)
        session.expunge_all()
