"""What the API says of enrolled tags."""

from __future__ import annotations

from typing import Any

from server.access.models import Audit
from server.tags.enrolment.written import COLUMNS
from server.tags.models import Tag, TagState
from server.wire import Frozen, Moment

EXPORTED = (*COLUMNS, "state")


class TagRecord(Frozen):
    """One tag: what it is, what was written on it, where it stands in its life."""

    uid: str
    state: TagState
    chip: str
    signature: str | None
    uri: str | None
    content_hash: str | None
    locked: bool
    protected: bool
    key_set: str | None
    enrolled_at: Moment
    enrolled_by: str | None
    written_by: str


class TagChange(Frozen):
    """One thing that was done with a tag, and by whom."""

    at: Moment
    action: str
    staff_id: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class TagPage(Frozen):
    """Up to 200 tags; ask again with `after` the last UID for more."""

    tags: tuple[TagRecord, ...]


class TagStory(Frozen):
    """A tag and everything that was done with it, the latest first."""

    tag: TagRecord
    history: tuple[TagChange, ...]


class StateChange(Frozen):
    """Where a tag stands from now on."""

    state: TagState


class ImportAnswer(Frozen):
    """What became of a writer's file."""

    enrolled: int
    bound: int
    left_out: tuple[str, ...]


def record_of(tag: Tag) -> TagRecord:
    """Return the record of a stored tag."""
    return TagRecord.model_validate({name: getattr(tag, name) for name in TagRecord.model_fields})


def change_of(row: Audit) -> TagChange:
    """Return a change as the audit has it."""
    return TagChange.model_validate({name: getattr(row, name) for name in TagChange.model_fields})


def exported(tag: Tag, target: str) -> dict[str, object]:
    """Return a tag as a row of a writer's file."""
    return {
        "uid": tag.uid,
        "chip": tag.chip,
        "target": target,
        "uri": tag.uri,
        "content_hash": tag.content_hash,
        "signature": tag.signature,
        "locked": tag.locked,
        "protected": tag.protected,
        "written_at": tag.enrolled_at.isoformat(),
        "by": tag.written_by,
        "outcome": "written",
        "state": tag.state,
    }
