"""A person asked for; the screen says honestly whether that went through."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from kiosk.client import Client
from kiosk.errors import KioskError
from kiosk.given import Surroundings
from kiosk.screen import ScreenState
from server.wire import StaffCall, uuid7


def call_staff(
    client: Client, given: Surroundings, *, visit_id: UUID, state: ScreenState
) -> Literal["on_the_way", "cannot_reach"]:
    """Ask for a person to come to what stands on the screen, and return what to say."""
    moment = given.now()
    product = getattr(getattr(state.view, "card", None), "product_id", None)
    call_id = uuid7(moment, given.luck(10))
    try:
        client.call(StaffCall(call_id=call_id, visit_id=visit_id, occurred_at=moment, product_id=product))
    except KioskError:
        return "cannot_reach"
    return "on_the_way"
