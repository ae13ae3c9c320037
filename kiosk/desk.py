"""A manager's desk reader: each tag laid on it is shown on the manager's page."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from hardware.fault import in_words
from hardware.reader import Arrived, Fault, ReaderEvent
from hardware.tag import Outcome
from kiosk.client import Client
from kiosk.errors import KioskError
from server.wire import DeskRead, Heartbeat, uuid7
from server.wire import Outcome as WireOutcome

log = logging.getLogger("shelftalker.desk")


class Desk:
    """Sends what is laid on the desk reader; nothing is kept, for the manager stands there and lays it again."""

    def __init__(self, client: Client, *, now: Callable[[], datetime], luck: Callable[[int], bytes]) -> None:
        self._client, self._now, self._luck = client, now, luck

    def beat(self, heartbeat: Heartbeat) -> None:
        """Tell the server how the desk reader is; where it does not hear, the next time will do."""
        try:
            self._client.beat(heartbeat)
        except KioskError as error:
            log.warning("the server was not told how the desk reader is: %s", error)

    def listen(self, event: ReaderEvent) -> None:
        """Take what the reader tells."""
        if isinstance(event, Fault):
            log.warning("%s", in_words(event.kind, event.where))
        if not isinstance(event, Arrived) or not event.read.uid or event.read.outcome is Outcome.LOST:
            return
        read, moment = event.read, self._now()
        told = DeskRead(
            read_id=uuid7(moment, self._luck(10)),
            occurred_at=moment,
            uid=read.uid,
            uri=read.uri[:2048] if read.uri else None,
            outcome=WireOutcome(read.outcome),
            product=read.kind,
        )
        try:
            self._client.desk_read(told)
        except KioskError as error:
            log.warning("the tag could not be shown to the manager, lay it again: %s", error)
