"""How the kiosk is, in one value."""

from __future__ import annotations

from importlib.metadata import version

from kiosk.agent import Agent
from server.wire import Heartbeat


def heartbeat(agent: Agent, *, boot_id: str, working: bool, words: str) -> Heartbeat:
    """Return what the kiosk says of itself; `working` and `words` are the reader's."""
    counts = agent.outbox.counts()
    return Heartbeat(
        version=version("shelftalker"),
        reader="ready" if working else "fault",
        reader_words=words,
        waiting=counts.get("waiting", 0),
        quarantined=counts.get("refused", 0),
        last_tap_at=agent.last_tap_at,
        screen_seen_s=agent.screen_seen_s(),
        shelf_revision=max(0, agent.shelf.revision),
        boot_id=boot_id,
    )
