"""What programs say about people and are told. Ids stand in bodies, never in addresses, which end up in logs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from server.timeline.people.models import Link, PersonRequest, RequestKind
from server.wire.values import Frozen, Told

WrittenId = Annotated[Told, StringConstraints(min_length=1, max_length=220)]
"""An id with its kind: `customer:4711`, `card:…`, `email:…`, `visit:UUID`."""
Reason = Annotated[Told, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class AskedFor(Frozen):
    """What a person asks for. With the same `request_id` it is done once, however often it is sent."""

    request_id: UUID
    kind: RequestKind
    id: WrittenId


class ReceiptTold(Frozen):
    """What was done, when, and how many rows of what it was; `held` is the copy, where one was asked for."""

    request_id: UUID
    kind: RequestKind
    done_at: datetime
    counts: dict[str, int]
    lifted_at: datetime | None = None
    held: dict[str, Any] | None = None


class Joining(Frozen):
    """Two ids that belong to one person, and why. Two customers become one with `merge` only."""

    one: WrittenId
    other: WrittenId
    reason: Reason
    merge: bool = False


class Undoing(Frozen):
    """A link or a merge that is undone, and why."""

    link_id: UUID
    reason: Reason


class Pair(Frozen):
    """Two ids that are held to be one person."""

    one: WrittenId
    other: WrittenId


class LinkTold(Frozen):
    """A link: what it joins as it is stored, who said so, when and why."""

    link_id: UUID
    one: str
    other: str
    source: str
    reason: str
    linked_at: datetime
    unlinked_at: datetime | None = None


class Way(Frozen):
    """The links that make one person of two ids, in order from the one to the other."""

    links: tuple[LinkTold, ...] = Field(default=())


def receipt_told(receipt: PersonRequest, held: dict[str, Any] | None = None) -> ReceiptTold:
    """Return a receipt as programs are told of it; the hashes stay here."""
    return ReceiptTold(
        request_id=receipt.id,
        kind=RequestKind(receipt.kind),
        done_at=receipt.done_at,
        counts=receipt.counts,
        lifted_at=receipt.lifted_at,
        held=held,
    )


def link_told(link: Link) -> LinkTold:
    """Return a link as programs are told of it."""
    one, other = link.ends
    return LinkTold(
        link_id=link.id,
        one=str(one),
        other=str(other),
        source=link.source,
        reason=link.reason,
        linked_at=link.linked_at,
        unlinked_at=link.unlinked_at,
    )
