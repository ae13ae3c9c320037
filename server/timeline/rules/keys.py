"""Keys made from what clients send: the same message has the same event, the same visitor the same visit."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from pydantic_core import to_json

TRANSPORT = frozenset({"sentAt", "_metadata", "writeKey", "receivedAt"})
"""What a client may change when it sends a message again."""

_DASHED = 36


def message_key(source_id: str, *told: str) -> UUID:
    """Return the event id of a source's message: a UUIDv8 (RFC 9562, section 5.8) of their SHA-256."""
    return _hashed("message", source_id, *told)


def visit_key(source_id: str, anonymous_id: str | None) -> UUID | None:
    """Return the visit a source's anonymous id stands for.

    A UUID is the visit itself, so that a phone's page carries on the kiosk's; any other text is the source's own.
    """
    if anonymous_id is None:
        return None
    if len(anonymous_id) == _DASHED:
        try:
            return UUID(anonymous_id)
        except ValueError:
            pass
    return _hashed("visit", source_id, anonymous_id)


def payload_hash(message: dict[str, Any]) -> str:
    """Return the SHA-256 of what a message says, whenever and however often it is sent."""
    said = {key: value for key, value in message.items() if key not in TRANSPORT}
    return hashlib.sha256(to_json(said)).hexdigest()


def _hashed(*parts: str) -> UUID:
    digest = hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).digest()
    number = int.from_bytes(digest[:16], "big") & ~(0xF << 76 | 0b11 << 62)
    return UUID(int=number | 8 << 76 | 0b10 << 62)
