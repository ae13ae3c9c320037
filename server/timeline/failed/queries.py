"""Messages that did not fit, in the database, and their way back onto the timeline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.errors import NotFound
from server.timeline.models import FailedEvent
from server.timeline.recording import Entry, record_events
from server.timeline.rules.cloud_events import cloud_event_row
from server.timeline.rules.messages import Message, Sending, event_row
from server.timeline.rules.misfit import Misfit
from server.timeline.sources.queries import known, source


def waiting(session: Session, source_id: str | None = None, *, most: int | None = None) -> list[FailedEvent]:
    """Return what is not repaired yet, of one source or of all, the oldest first; `most` of them, or all."""
    wanted = (
        select(FailedEvent)
        .where(FailedEvent.repaired_at.is_(None))
        .order_by(FailedEvent.received_at, FailedEvent.id)
    )
    if source_id is not None:
        wanted = wanted.where(FailedEvent.source_id == source_id)
    return list(session.scalars(wanted.limit(most)))


def how_many_wait(session: Session) -> int:
    """Return how many are not repaired yet."""
    return session.scalar(select(func.count()).where(FailedEvent.repaired_at.is_(None))) or 0


def failed(session: Session, event_id: UUID) -> FailedEvent:
    """Return one; raises `NotFound`."""
    row = session.get(FailedEvent, event_id)
    if row is None:
        msg = f"There is no failed event {event_id}; `shelftalker failed-events list` names them."
        raise NotFound(msg)
    return row


def take_again(session: Session, row: FailedEvent, *, now: datetime, message: Message | None = None) -> None:
    """Put a message on the timeline, as it came or as given now; raises `Misfit` where it still does not fit.

    It keeps the moment it was received at first: repaired, it stands where it would have stood.
    """
    told = row.message if message is None else message
    if not isinstance(told, dict):
        msg = "A message is a JSON object."
        raise Misfit("type", msg)
    sending = Sending(
        source=known(source(session, row.source_id)),
        received_at=row.received_at,
        sent_at=row.sending["sent_at"],
        resent=row.sending["resent"],
    )
    made = cloud_event_row(told, sending) if "specversion" in told else event_row(told, sending)
    record_events(session.connection(), [Entry(made, to_json(told))])
    row.repaired_at = now


def try_again(session: Session, rows: Iterable[FailedEvent], *, now: datetime) -> tuple[int, int]:
    """Take messages again as they came; return how many went on the timeline, and how many still do not fit."""
    taken = left = 0
    for row in rows:
        try:
            take_again(session, row, now=now)
            taken += 1
        except Misfit:
            left += 1
    return taken, left
