"""An entry the database refuses alone for what it says: kept in the quarantine, and refused for good."""

from __future__ import annotations

import logging

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import SQLAlchemyError

from server.errors import Invalid
from server.timeline.models import Quarantine
from server.timeline.recording import Entry

log = logging.getLogger(__name__)

CODE = "refused"
WORDS = "The database does not take this for what it says. Do not send it again: it is put aside here."


class Refused(Invalid):
    """Raised for entries that trying again does not help; nothing of their request was stored."""


def put_aside(engine: Engine, entry: Entry, cause: SQLAlchemyError) -> Refused:
    """Keep the entry, once however often it is sent, and return what to answer; raises SQLAlchemy's errors."""
    row = entry.row
    with engine.begin() as connection:
        known = select(Quarantine.id).where(Quarantine.event_id == row["id"], Quarantine.code == CODE)
        if connection.scalar(known.where(Quarantine.payload_hash == row["payload_hash"]).limit(1)) is None:
            connection.execute(insert(Quarantine), _aside(entry, cause))
    # a trace, or the database's own words, would tell the log what somebody said
    kind = type(cause).__name__
    log.warning("Event %s is refused for what it says (%s), and kept in the quarantine.", row["id"], kind)
    refused = Refused(WORDS)
    refused.__cause__ = cause
    return refused


def _aside(entry: Entry, cause: SQLAlchemyError) -> dict[str, object]:
    same = ("source_id", "device_id", "store_id", "received_at", "payload_hash")
    told = str(getattr(cause, "orig", None) or cause).partition("\n")[0]
    return {
        "event_id": entry.row["id"],
        **{name: entry.row[name] for name in same},
        "code": CODE,
        "reason": told.replace("\0", "")[:2000],
        "payload": {"written": entry.payload.decode(errors="backslashreplace")},  # as text any database takes it
    }
