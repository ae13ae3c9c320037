"""Visits held out: a stable share of them sees what is popular, and shows what suggestions are worth."""

from __future__ import annotations

from hashlib import blake2b
from uuid import UUID


def is_held_out(visit_id: UUID, share: float) -> bool:
    """Return whether a visit is among the `share` (0 to 1) of visits held out, the same on every server."""
    place = int.from_bytes(blake2b(visit_id.bytes, digest_size=8, person=b"hold-out").digest())
    return place < share * 2**64
