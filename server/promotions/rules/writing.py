"""How documents of prices are written before they are hashed: the same whatever the order of their keys."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

WRITE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def hashed(text: str) -> str:
    """Return the hash a text is kept under."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def written(moment: datetime | None) -> str | None:
    """Return a moment as it stands in a document."""
    return None if moment is None else moment.isoformat()
