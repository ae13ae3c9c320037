"""The event of a list that was shown: whose model, with what chance, what stood where and why. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from pydantic_core import to_json

from server.access.rules import Device
from server.recommendations.rules import Suggestions
from server.timeline.models import EventKind
from server.timeline.own_properties import ShownProperties, TileProperties
from server.timeline.recording import Entry, device_event

SHOWN = UUID("1b0b9f3e-6d1c-5f43-9a53-3c9f6f6f0c21")
"""Name space of the ids of what was shown (RFC 9562, version 5): one for each tap."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A list that was shown after a tap."""

    tap_id: UUID
    visit_id: UUID
    device: Device
    tapped_at: datetime
    received: datetime
    found: Suggestions
    remembered: bool = False
    """Whether the kiosk showed it from its own copy, as the server was away."""


def shown_entry(shown: Shown) -> Entry:
    """Return the timeline entry of a list: whose model, with what chance, and what stood where and why.

    It happened when its tap did. What led to a tile is left out: it may come from another channel.
    """
    found = shown.found
    properties = ShownProperties(
        model_version=found.model_version,
        degraded=found.degraded,
        held_out=found.held_out,
        propensity=found.propensity,
        tiles=tuple(
            TileProperties(product_id=one.product_id, position=place, reason=str(one.reason))
            for place, one in enumerate(found.items, start=1)
        ),
        remembered=True if shown.remembered else None,
    ).written()
    payload = to_json(properties)
    row = device_event(
        shown.device,
        EventKind.SUGGESTIONS_SHOWN,
        event_id=uuid5(SHOWN, str(shown.tap_id)),
        visit_id=shown.visit_id,
        occurred_at=shown.tapped_at,
        received_at=shown.received,
        payload=payload,
        cause_id=shown.tap_id,
        properties=properties,
    )
    return Entry(row, payload)
