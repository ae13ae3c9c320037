"""Events of visits, as a kiosk would have told of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from server.timeline.models import Event
from tests.clock import NOW

VISIT = UUID(int=7, version=4)


def event(number: int, visit: UUID = VISIT, *, at: datetime = NOW) -> Event:
    """Return the tap with this number in a visit."""
    return Event(
        id=UUID(int=number + 1, version=4),
        kind="product_tapped",
        channel="kiosk",
        store_id="MAD",
        device_id="kiosk",
        visit_id=visit,
        occurred_at=at,
        received_at=at,
        corrected_at=at,
        epoch=visit,
        seq=number,
        payload_hash="",
        properties={},
    )
