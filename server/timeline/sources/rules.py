"""What a source is to those who ask for its key. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from server.timeline.sources.models import Right

CHANNELS = ("web", "app", "pos", "crm", "call", "email", "phone", "kiosk")


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A source that showed its key."""

    id: str
    channel: str
    store_id: str | None
    rights: frozenset[Right]


def new_write_key(luck: bytes) -> str:
    """Return a write key made of 24 bytes of luck, in plain letters: it stands in headers, addresses and pages."""
    return f"wk_{luck[:24].hex()}"
