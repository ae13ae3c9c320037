"""The order in which events were committed, which the live stream and the webhooks follow."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from server.timeline.models import Event, Outbox

TURN = 0x5E1F_0B0C
"""PostgreSQL's advisory lock that lets one writer at a time number its events and commit: a reader who has seen a
number then never finds a smaller one later. (SQLite lets in one writer anyway.) Events are put out where they are
written: `writing`."""


def after(session: Session, seq: int, *, limit: int) -> list[tuple[int, Event]]:
    """Return events committed after `seq`, in that order, each with its number."""
    wanted = (
        select(Outbox.seq, Event)
        .join(Event, (Event.id == Outbox.event_id) & (Event.corrected_at == Outbox.corrected_at))
        .where(Outbox.seq > seq)
    )
    return [(number, event) for number, event in session.execute(wanted.order_by(Outbox.seq).limit(limit))]


def newest(session: Session) -> int:
    """Return the number of the event committed last, 0 where there is none."""
    return session.scalar(select(func.max(Outbox.seq))) or 0


def forget_before(session: Session, moment: datetime) -> None:
    """Delete what was received before then: who reads on from there goes on with what is left."""
    of_event = (Event.id == Outbox.event_id) & (Event.corrected_at == Outbox.corrected_at)
    old = select(Outbox.seq).join(Event, of_event).where(Event.received_at < moment)
    last = session.scalar(old.order_by(Outbox.seq.desc()).limit(1))
    if last is not None:
        session.execute(delete(Outbox).where(Outbox.seq <= last))
