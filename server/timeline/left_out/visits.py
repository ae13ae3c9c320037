"""Visits marked as tests, and counted again."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.errors import NotFound
from server.timeline.left_out.models import MOST_LISTED, UncountedVisit
from server.timeline.left_out.saying import Said
from server.timeline.models import Event


def mark(
    session: Session, visit_id: UUID, said: Said, *, row_id: UUID, store_id: str | None = None
) -> UncountedVisit:
    """Say that a visit is a test and does not count; said before, it stays as it was said.

    Raises `NotFound` for a visit there is not (in the store, where one is named), `Invalid` without a reason.
    """
    held = _open(session, visit_id, store_id)
    if held is not None:
        return held
    was_in = select(Event.store_id).where(Event.visit_id == visit_id, Event.store_id.is_not(None))
    found = session.scalar((was_in if store_id is None else was_in.where(Event.store_id == store_id)).limit(1))
    if found is None:
        msg = f"There is no visit {visit_id} here."
        raise NotFound(msg)
    row = UncountedVisit(id=row_id, visit_id=visit_id, store_id=found)
    row.reason, row.made_by, row.made_at = said.why(), said.staff_id, said.at
    session.add(row)
    # by the row's own id: once somebody is erased, nothing may say which visit was theirs.
    said.note(session, found, action="visit marked as test", subject=f"test_visit:{row_id}")
    return row


def count_again(session: Session, visit_id: UUID, said: Said, *, store_id: str | None = None) -> UncountedVisit:
    """Let a visit that was marked as a test count; raises `NotFound` where it was not, `Invalid` for no reason."""
    row = _open(session, visit_id, store_id)
    if row is None:
        msg = f"The visit {visit_id} is not marked as a test here."
        raise NotFound(msg)
    said.why()
    row.ended_by, row.ended_at = said.staff_id, said.at
    said.note(session, row.store_id, action="visit counts again", subject=f"test_visit:{row.id}")
    return row


def marked(session: Session, store_id: str) -> list[UncountedVisit]:
    """Return the visits of a store that are marked as tests, the newest first."""
    wanted = select(UncountedVisit).where(UncountedVisit.store_id == store_id, UncountedVisit.ended_at.is_(None))
    return list(session.scalars(wanted.order_by(UncountedVisit.made_at.desc()).limit(MOST_LISTED)))


def _open(session: Session, visit_id: UUID, store_id: str | None) -> UncountedVisit | None:
    wanted = select(UncountedVisit).where(UncountedVisit.visit_id == visit_id, UncountedVisit.ended_at.is_(None))
    if store_id is not None:
        wanted = wanted.where(UncountedVisit.store_id == store_id)
    return session.scalars(wanted.with_for_update()).first()
