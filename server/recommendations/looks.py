"""What training and fresh visits are read from: looks at products at our kiosks, none suspect or left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, select, type_coerce
from sqlalchemy.orm import Session

from server.access.models import Kiosk
from server.timeline import outbox
from server.timeline.left_out.counting import counts
from server.timeline.models import Event, Outbox
from server.timeline.queries import LOOKED_AT
from server.timeline.recording import ERASED

SUSPECT_BEFORE = timedelta(days=30)
"""How long before its key was ended a kiosk's taps count for nothing: a stolen one may have been so for a while.
What it told before stays, so that a shop that replaces its kiosks does not begin anew."""

AT_ONCE = 20_000

BESIDE_TAPS = 50
"""Looks read in one go beside taps: less than a millisecond, after which the driver lets a tap go first."""


class Look(NamedTuple):
    """A visit looked at a product, in a store, at a moment in seconds."""

    visit: str
    product: str
    seconds: float
    store: str


_LOOKED = (
    type_coerce(Event.visit_id, String).label("visit_id"),  # a name is enough: no need to make a UUID of it
    *(Event.product_id, Event.corrected_at, Event.store_id),
)
_BY_WHOM = (Event.device_id, Event.received_at)


def _wanted() -> list[ColumnElement[bool]]:
    return [
        Event.kind.in_(LOOKED_AT),
        Event.product_id.is_not(None),
        Event.visit_id.is_not(None),
        Event.payload_hash != ERASED,
        counts(),
    ]


def looks(session: Session, *, since: datetime, until: datetime, store_id: str | None = None) -> Iterator[Look]:
    """Yield every look in `[since, until)`, in no order."""
    found = select(Event.visit_id, *_LOOKED[1:], *_BY_WHOM).where(
        *_wanted(), Event.corrected_at >= since, Event.corrected_at < until
    )
    if store_id is not None:
        found = found.where(Event.store_id == store_id)
    ended = _ended_kiosks(session)
    for row in session.execute(found.execution_options(yield_per=AT_ONCE)):
        if _is_sound(row, ended):
            yield _look(row)


def looks_after(session: Session, seq: int) -> tuple[list[Look], int]:
    """Return the looks committed after the event of this number, and the number to read on from.

    Each is named by its visit as the database writes it. By whom it was is read only where a kiosk was ended.
    """
    newest, ended, told, read = outbox.newest(session), _ended_kiosks(session), list[Look](), AT_ONCE
    of_event = (Event.id == Outbox.event_id) & (Event.corrected_at == Outbox.corrected_at)
    joined = select(Outbox.seq, *_LOOKED, *(_BY_WHOM if ended else ())).join(Outbox, of_event).where(*_wanted())
    joined = joined.order_by(Outbox.seq).limit(AT_ONCE)
    while read == AT_ONCE:
        read = 0
        # not `yield_per`: on PostgreSQL that opens a cursor, planned for its first rows, and reads far more
        found = session.connection().execute(joined.where(Outbox.seq > seq))
        for rows in found.partitions(BESIDE_TAPS):
            sound = [row for row in rows if _is_sound(row, ended)] if ended else rows
            told += [Look(str(row[1]), row[2], row[3].timestamp(), row[4] or "") for row in sound]
            read, seq = read + len(rows), rows[-1].seq
    return told, max(seq, newest)


def _ended_kiosks(session: Session) -> dict[str, datetime]:
    ended = session.execute(select(Kiosk.id, Kiosk.revoked_at).where(Kiosk.revoked_at.is_not(None)))
    return {kiosk: at for kiosk, at in ended if at is not None}


def _is_sound(row: Any, ended: dict[str, datetime]) -> bool:
    at = ended.get(row.device_id)
    return at is None or row.received_at < at - SUSPECT_BEFORE


def _look(row: Any) -> Look:
    return Look(str(row.visit_id), row.product_id, row.corrected_at.timestamp(), row.store_id or "")
