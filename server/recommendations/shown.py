"""What was shown, as events: one for each answer, written a moment after it in a commit it shares.

A list depends on what the visit saw before, which is known only once the tap is committed: its event cannot be in
the tap's own commit. It waits in memory instead, at most a second, and then joins a group like any other event; no
tap waits for it. Answers given again to a tap sent twice are not told of again.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from pydantic_core import to_json

from server.access.rules import Device
from server.errors import ServerError
from server.recommendations.rules import Suggestions
from server.timeline.group_commit import LARGEST_GROUP, Writer
from server.timeline.models import EventKind
from server.timeline.recording import Entry, device_event

log = logging.getLogger(__name__)

SHOWN = UUID("1b0b9f3e-6d1c-5f43-9a53-3c9f6f6f0c21")
"""Name space of the ids of what was shown (RFC 9562, version 5): one for each tap."""

EVERY_SECONDS = 1.0
MOST_WAITING = 20_000
"""Lists kept while the database is away; beyond that the oldest go."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A list that was shown after a tap."""

    tap_id: UUID
    visit_id: UUID
    device: Device
    tapped_at: datetime
    received: datetime
    found: Suggestions


class ShownLog:
    """Takes note of lists at once, and writes them later. Safe for many threads."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._waiting: deque[Shown] = deque(maxlen=MOST_WAITING)
        self._writing = threading.Lock()

    def note(self, shown: Shown) -> None:
        """Take note of a list; nothing is asked or written here."""
        self._waiting.append(shown)

    def start(self) -> None:
        """Write on a thread of its own from now on, every second."""
        threading.Thread(target=self._write_on, name="shown", daemon=True).start()

    def _write_on(self) -> None:
        pause = threading.Event()
        while not pause.wait(EVERY_SECONDS):
            self.flush()

    def flush(self) -> None:
        """Write all that waits; what cannot be written now goes on waiting."""
        with self._writing:
            while self._waiting:
                some = [self._waiting.popleft() for _ in range(min(len(self._waiting), LARGEST_GROUP))]
                try:
                    self._writer.write([shown_entry(one) for one in some])
                except ServerError as error:
                    log.warning("what was shown waits in memory: %s", error)
                    self._waiting.extendleft(reversed(some))
                    return


def shown_entry(shown: Shown) -> Entry:
    """Return the timeline entry of a list: whose model, with what chance, and what stood where and why.

    It happened when its tap did. What led to a tile is left out: it may come from another channel.
    """
    found = shown.found
    properties = {
        "model_version": found.model_version,
        "degraded": found.degraded,
        "held_out": found.held_out,
        "propensity": found.propensity,
        "tiles": [
            {"product_id": one.product_id, "position": place, "reason": str(one.reason)}
            for place, one in enumerate(found.items, start=1)
        ],
    }
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
