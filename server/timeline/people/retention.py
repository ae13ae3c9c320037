"""How long what is of a kind is kept, and the purge that takes away what is older."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.db import Base
from server.errors import Invalid
from server.timeline import outbox, partitions
from server.timeline.consents.models import Introduction
from server.timeline.models import Event, FailedEvent, Quarantine
from server.timeline.people.erased import ErasedId
from server.timeline.people.erasure_notice import ErasureNotice
from server.timeline.people.hand_over import HandOver
from server.timeline.people.models import Link, PersonRequest, Retention

Ages = Mapping[str, tuple[type[Base], InstrumentedAttribute[Any]]]

KINDS: Ages = {
    "event": (Event, Event.corrected_at),
    "failed_event": (FailedEvent, FailedEvent.received_at),
    "quarantine": (Quarantine, Quarantine.received_at),
    "introduction": (Introduction, Introduction.at),
    "hand_over": (HandOver, HandOver.offered_at),
    "undone_link": (Link, Link.unlinked_at),
    "receipt": (PersonRequest, PersonRequest.done_at),
    "erased_id": (ErasedId, ErasedId.erased_at),
    "erasure_notice": (ErasureNotice, ErasureNotice.at),
}
"""What is purged, and the time its age is counted from. Roll-ups are no one's, and stay."""

REPLAYABLE = timedelta(days=7)
"""For how long the live stream and the webhooks can read back."""

SCRUBBED = (
    *("event", "event_key", "event_outbox", "failed_event", "quarantine"),
    *("person_link", "introduction", "hand_over", "consent_choice", "audit"),
    *("unknown_tag", "desk_reading", "tag_alarm"),
)
"""Tables PostgreSQL writes anew, so that no page holds what was deleted or changed."""


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows of each kind were too old, and are gone."""

    gone: Mapping[str, int]


def kept_days(session: Session) -> dict[str, int]:
    """Return for how many days each kind is kept."""
    return {row.kind: row.days for row in session.scalars(select(Retention).order_by(Retention.kind))}


def keep_for(session: Session, kind: str, days: int) -> None:
    """Keep a kind for so many days; raises `Invalid` for a kind that is not purged, or less than a day."""
    if kind not in KINDS or days < 1:
        msg = f"Keep one of {', '.join(KINDS)} for 1 day or more."
        raise Invalid(msg)
    session.merge(Retention(kind=kind, days=days))


def purge(session: Session, now: datetime) -> Purged:
    """Delete what is older than its kind is kept, in the caller's transaction; make the coming partitions."""
    connection = session.connection()
    partitions.take_time(connection)
    partitions.make_ahead(connection, now)
    outbox.forget_before(session, now - REPLAYABLE)
    gone = {}
    for kind, days in kept_days(session).items():
        (table, age), end = KINDS[kind], now - timedelta(days=days)
        dropped = partitions.drop_before(connection, end) if table is Event else 0
        gone[kind] = dropped + session.execute(delete(table).where(age < end)).rowcount  # type: ignore[attr-defined]  # a DELETE's result has it
    return Purged(gone)


def scrub(engine: Engine) -> bool:
    """Take what was deleted out of the database's files too; return whether that went through.

    SQLite overwrites what it deletes (`secure_delete`), and needs its log emptied: False where a reader held it.
    PostgreSQL writes the tables anew, which locks them meanwhile; its own log (`pg_wal`) holds old pages until its
    segments are used again, and archives of it as long as they are kept.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            return not connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()[0]
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("SET lock_timeout = '60s'"))
        for table in SCRUBBED:
            connection.execute(text(f"VACUUM (FULL) {table}"))
        connection.execute(text("CHECKPOINT"))
    return True
