"""What a tag's content hints at. The binding decides; content is never more than a hint."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from server.tags.gs1 import DigitalLink, NotDigitalLink, parse
from server.tags.models import TargetKind


@dataclass(frozen=True, slots=True)
class Target:
    """What a tag means: a product id, a GTIN or a sign id, as `kind` says."""

    kind: TargetKind
    id: str


@dataclass(frozen=True, slots=True)
class UnknownTap:
    """A tap of a tag that has no binding in its store: what the manager's list shows of it."""

    store_id: str
    uid: str
    uri: str | None
    outcome: str
    kiosk_id: str
    seen_at: datetime


def hinted_gtin(uri: str | None, trusted_hosts: Collection[str]) -> str | None:
    """Return the GTIN a tag's address names, where it is a Digital Link on a host we trust."""
    link = _link(uri) if uri else None
    return link.gtin if link and link.host in trusted_hosts else None


def named_gtin(uri: str | None) -> str | None:
    """Return the GTIN a tag's address names on whatever host: enough to compare, never to believe."""
    link = _link(uri) if uri else None
    return link.gtin if link else None


@lru_cache(maxsize=10_000)
def _link(uri: str) -> DigitalLink | None:
    try:
        return parse(uri)
    except NotDigitalLink:
        return None
