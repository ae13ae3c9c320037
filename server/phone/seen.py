"""What a phone did with a visit, written on the visit's own timeline."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

from pydantic_core import to_json
from sqlalchemy.orm import Session

from server.access.rules import Device
from server.timeline.models import EventKind
from server.timeline.own_properties import ConsentProperties, IntroducedProperties
from server.timeline.people.hand_over import HandOver
from server.timeline.recording import Entry, device_event, record_events
from server.wire import PersonChoice, SaidBy

SaidOf = SaidBy | Literal["till"]
"""Who says whose visit it is, as events tell."""


def note(
    session: Session,
    row: HandOver,
    kind: EventKind,
    *,
    event_id: UUID,
    now: datetime,
    product_id: str | None = None,
) -> None:
    """Write that the phone looked at the visit or a product of it, kept one or let it go."""
    properties = {"hand_over_id": str(row.id)}
    payload = to_json({"event": event_id, "product_id": product_id, **properties})
    event = device_event(
        Device(id=row.kiosk_id, store_id=row.store_id, kind="phone", name=""),
        kind,
        event_id=event_id,
        visit_id=row.visit_id,
        occurred_at=now,
        received_at=now,
        payload=payload,
        channel="web",
        device_id=None,
        epoch=row.id,
        product_id=product_id,
        properties=properties,
    )
    record_events(session.connection(), [Entry(event, payload)])


def note_introduced(
    session: Session, row: HandOver, device: Device, *, by: SaidBy | Literal["till"], now: datetime
) -> None:
    """Write, once, that the shopper let a phone say whose visit it is; it names nobody."""
    properties = IntroducedProperties(by=by, hand_over_id=row.id)
    payload = properties.model_dump_json().encode()
    event = device_event(
        device,
        EventKind.CUSTOMER_INTRODUCED,
        event_id=uuid5(row.id, EventKind.CUSTOMER_INTRODUCED),
        visit_id=row.visit_id,
        occurred_at=now,
        received_at=now,
        payload=payload,
        properties=properties,
    )
    record_events(session.connection(), [Entry(event, payload)])


def note_chosen(session: Session, row: HandOver, choice: PersonChoice, *, now: datetime) -> None:
    """Write what the shopper chose on the phone, as at the kiosk."""
    payload = choice.model_dump_json().encode()
    event = device_event(
        Device(id=row.kiosk_id, store_id=row.store_id, kind="phone", name=""),
        EventKind.CONSENT_CHOSEN,
        event_id=choice.choice_id,
        visit_id=row.visit_id,
        occurred_at=now,
        received_at=now,
        payload=payload,
        channel="web",
        device_id=None,
        epoch=row.id,
        properties=ConsentProperties(agreed=choice.agreed, text_version=choice.text_version),
    )
    record_events(session.connection(), [Entry(event, payload)])
