"""The list a customer made at home: asked for once their card was tapped and they have said yes."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from kiosk.client import Client
from kiosk.errors import KioskError
from kiosk.screen import believed
from server.wire import Card, HomeLine, PersonCard, Purpose

log = logging.getLogger("shelftalker.kiosk")


def list_of(client: Client, visit_id: UUID, agreed: Iterable[Purpose]) -> tuple[HomeLine, ...]:
    """Return the list; empty without a yes, and where the server cannot tell it: it is asked at the next tap."""
    if "service" not in agreed:
        return ()
    try:
        return client.home_list(visit_id).lines
    except KioskError as error:
        log.warning("no list from home: %s", error)
        return ()


def agreed_on(card: Card) -> tuple[Purpose, ...]:
    """Return what the holder of a card that was tapped agreed to before; nothing for what is no such card."""
    return card.agreed if isinstance(card, PersonCard) and not card.taken else ()


def believed_lines(lines: Iterable[HomeLine], now: datetime) -> tuple[HomeLine, ...]:
    """Return the lines, without the price of those whose time is past."""
    listed = tuple(lines)
    tiles = believed((line.tile for line in listed), now)
    pairs = zip(listed, tiles, strict=True)
    return tuple(line if line.tile is tile else line.model_copy(update={"tile": tile}) for line, tile in pairs)
