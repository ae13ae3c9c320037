"""How the kiosk is: in one value for the server, in one sentence for whoever looks at the machine."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from kiosk.agent import Agent
from server.wire import Heartbeat, ReaderRecord


def heartbeat(agent: Agent, readers: tuple[ReaderRecord, ...], *, boot_id: str) -> Heartbeat:
    """Return what the kiosk says of itself; it is at fault where none of its readers works."""
    counts = agent.keeping.counts()
    return Heartbeat(
        **_about_readers(readers),
        boot_id=boot_id,
        waiting=counts["waiting"],
        quarantined=counts.get("refused", 0),
        last_tap_at=agent.last_tap_at,
        screen_seen_s=agent.screen_seen_s(),
        shelf_revision=max(0, agent.shelf.revision),
        unrecorded=agent.keeping.unrecorded,
        outbox_words=agent.keeping.words,
    )


def desk_heartbeat(readers: tuple[ReaderRecord, ...], *, boot_id: str) -> Heartbeat:
    """Return what a desk reader says of itself: it keeps nothing and shows nothing."""
    return Heartbeat(**_about_readers(readers), boot_id=boot_id, waiting=0)


def _about_readers(readers: tuple[ReaderRecord, ...]) -> dict[str, Any]:
    working = any(reader.state in {"opening", "working"} for reader in readers)
    return {
        "version": version("shelftalker"),
        "reader": "ready" if working else "fault" if readers else "missing",
        "reader_words": "" if working else " ".join(reader.words for reader in readers),
        "readers": readers,
    }


def in_words(beat: Heartbeat) -> str:
    """Return how the kiosk is, in a sentence or a few."""
    said = [beat.reader_words or "Ready for taps."]
    if beat.waiting:
        said.append(f"Taps and ends of visits that wait to be sent: {beat.waiting}.")
    if beat.unrecorded:
        said.append(f"In memory only: {beat.unrecorded}. {beat.outbox_words}")
    return " ".join(said).replace("\n", " ")
