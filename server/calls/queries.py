"""Calls for staff in the database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.rules import Device
from server.calls.models import Call
from server.errors import NotFound
from server.timeline.models import EventKind
from server.timeline.recording import Entry, device_event, record_events
from server.wire import StaffCall

WAITED_FOR = timedelta(hours=1)
"""A call nobody took for so long is no longer shown: the shopper has gone."""


def note_call(session: Session, call: StaffCall, device: Device, *, now: datetime) -> None:
    """Keep a call, on the timeline too; the same one told twice is one."""
    if session.get(Call, call.call_id) is not None:
        return
    session.add(
        Call(
            id=call.call_id,
            store_id=device.store_id,
            kiosk_id=device.id,
            visit_id=call.visit_id,
            product_id=call.product_id,
            called_at=now,
        )
    )
    record_events(session.connection(), [_entry(call, device, now)])


def _entry(call: StaffCall, device: Device, now: datetime) -> Entry:
    payload = call.model_dump_json().encode()
    row = device_event(
        device,
        EventKind.STAFF_CALLED,
        event_id=call.call_id,
        visit_id=call.visit_id,
        occurred_at=call.occurred_at,
        received_at=now,
        payload=payload,
        corrected_at=now,
        product_id=call.product_id,
    )
    return Entry(row, payload)


def open_calls(session: Session, store_ids: Collection[str], now: datetime) -> list[Call]:
    """Return the calls nobody has taken yet, the longest waiting first."""
    wanted = select(Call).where(
        Call.store_id.in_(list(store_ids)), Call.taken_at.is_(None), Call.called_at > now - WAITED_FOR
    )
    return list(session.scalars(wanted.order_by(Call.called_at)))


def take(session: Session, call_id: UUID, *, store_id: str, staff_id: str, now: datetime) -> Call:
    """Say who goes to the shopper; raises `NotFound` for no such call in the store. Taken once stays taken."""
    row = session.get(Call, call_id, with_for_update=True)
    if row is None or row.store_id != store_id:
        msg = "There is no such call in this store."
        raise NotFound(msg)
    if row.taken_at is None:
        row.taken_at, row.taken_by = now, staff_id
    return row
