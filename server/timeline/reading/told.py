"""An event as those outside are told of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from server.timeline.models import Event, EventKind
from server.timeline.rules.vocabulary import called
from server.wire.values import Frozen

RESOLVER = "https://id.gs1.org/01/"


class TimelineEvent(Frozen):
    """One event: what, when by which clock, where, whose, and what led to it."""

    id: UUID
    kind: str
    event: str
    """What it is called outside: Segment's name where there is one."""
    version: int
    channel: str
    source: str | None
    message_id: str | None
    store_id: str | None
    device_id: str | None
    visit_id: UUID | None
    anonymous_id: str | None
    user_id: str | None
    subject: str | None
    """The GS1 Digital Link of what it is about."""
    product_id: str | None
    sign_id: str | None
    caused_by: UUID | None
    occurred_at: datetime
    sent_at: datetime | None
    received_at: datetime
    corrected_at: datetime
    epoch: UUID
    seq: int
    properties: dict[str, Any]
    consent: dict[str, Any] | None


def told(event: Event) -> TimelineEvent:
    """Return an event as it is told."""
    kind = EventKind(event.kind)
    return TimelineEvent.model_construct(
        id=event.id,
        kind=event.kind,
        event=event.name if kind is EventKind.CUSTOM and event.name else called(kind),
        version=event.version,
        channel=event.channel,
        source=event.source_id,
        message_id=event.message_id,
        store_id=event.store_id,
        device_id=event.device_id,
        visit_id=event.visit_id,
        anonymous_id=event.anonymous_id,
        user_id=event.user_id,
        subject=f"{RESOLVER}{event.gtin}" if event.gtin else None,
        product_id=event.product_id,
        sign_id=event.sign_id,
        caused_by=event.cause_id,
        occurred_at=event.occurred_at,
        sent_at=event.sent_at,
        received_at=event.received_at,
        corrected_at=event.corrected_at,
        epoch=event.epoch,
        seq=event.seq,
        properties=event.properties,
        consent=event.consent,
    )
