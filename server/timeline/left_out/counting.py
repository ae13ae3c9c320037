"""Which events count: what whoever learns from the timeline, or counts on it, asks of its statements."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from server.timeline.left_out.models import QuarantinedKiosk, UncountedVisit
from server.timeline.models import Event

Stamp = tuple[int, datetime | None]


def counts() -> ColumnElement[bool]:
    """Return the condition on `Event` that leaves out quarantined kiosks and test visits."""
    kiosk, visit = QuarantinedKiosk, UncountedVisit
    suspect = and_(
        kiosk.kiosk_id == Event.device_id,
        Event.received_at >= kiosk.since,
        or_(kiosk.until.is_(None), Event.corrected_at < kiosk.until),
    )
    tried = and_(visit.visit_id == Event.visit_id, visit.ended_at.is_(None))
    return and_(
        ~select(kiosk.id).where(suspect).correlate(Event).exists(),
        ~select(visit.id).where(tried).correlate(Event).exists(),
    )


def stamp(session: Session) -> tuple[Stamp, ...]:
    """Return what is another whenever something begins or ceases to be left out."""
    tables = (QuarantinedKiosk, UncountedVisit)
    wanted = (select(func.count(), func.max(table.ended_at)).select_from(table) for table in tables)
    return tuple((row[0], row[1]) for row in (session.execute(one).one() for one in wanted))
