"""Tags enrolled and followed through their life, in the database; the audit has every change by the tag's UID."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.models import Audit
from server.access.queries import record, store
from server.errors import Conflict, NotFound
from server.tags.enrolment.written import WRITTEN, Written
from server.tags.keyring.models import TagKeys
from server.tags.models import Tag, TagState, TargetKind
from server.tags.queries import HOLDERS, bind, open_bindings
from server.tags.rules import Target

PAGE = 200


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a writer's file: how many tags were enrolled and bound, and why others were not."""

    enrolled: int
    bound: int
    left_out: tuple[str, ...]


def enrol(session: Session, tag: Tag, *, staff_id: str | None, now: datetime) -> Tag:
    """Store what is known of a tag, new or written anew; raises `Conflict` where another store has it."""
    held = session.get(Tag, tag.uid)
    if held is not None and held.store_id != tag.store_id:
        msg = f"Tag {tag.uid} is enrolled in another store; retire it there first."
        raise Conflict(msg)
    if held is None:
        tag.state = tag.state or TagState.NEW
        session.add(tag)
    else:
        for name in ("chip", "signature", "uri", "content_hash", "locked", "protected", "key_set", "written_by"):
            setattr(held, name, getattr(tag, name))
        held.state = TagState.NEW
    row = held or tag
    row.enrolled_at, row.enrolled_by = now, staff_id
    after = {"chip": row.chip, "uri": row.uri, "content_hash": row.content_hash, "written_by": row.written_by}
    _note(session, row, "tag enrolled", staff_id=staff_id, now=now, after=after)
    session.flush()
    return row


def import_written(
    session: Session,
    store_id: str,
    rows: Sequence[Written],
    *,
    key_set: str | None,
    staff_id: str | None,
    now: datetime,
) -> Imported:
    """Enrol the tags of a writer's file, and bind those that say what they mean.

    Of several rows about one tag the last counts. A tag that was not written, belongs to another store or shall
    mean what does not exist is left out, with the reason. `key_set` names the keys the tags sign with. Raises
    `NotFound` for no such store or keys.
    """
    store(session, store_id)
    if key_set and session.scalars(select(TagKeys).where(TagKeys.name == key_set)).first() is None:
        msg = f"There are no keys {key_set}: `shelftalker tag-keys add {key_set}` adds them."
        raise NotFound(msg)
    enrolled, bound, left_out = 0, 0, []
    for row in {row.uid: row for row in rows}.values():
        target = _target(session, row)
        if row.outcome != WRITTEN or (row.target and target is None):
            left_out.append(f"{row.uid}: {row.outcome if row.outcome != WRITTEN else f'there is no {row.target}'}")
            continue
        try:
            enrol(session, _tag(row, store_id, key_set), staff_id=staff_id, now=row.written_at or now)
        except Conflict as refusal:
            left_out.append(str(refusal))
            continue
        enrolled += 1
        if target and open_bindings(session, store_id, [row.uid]).get(row.uid) != target:
            bind(session, store_id=store_id, uid=row.uid, target=target, staff_id=staff_id, now=now)
            bound += 1
    return Imported(enrolled, bound, tuple(left_out))


def _tag(row: Written, store_id: str, key_set: str | None) -> Tag:
    return Tag(
        uid=row.uid,
        store_id=store_id,
        chip=row.chip,
        signature=row.signature.upper() or None,
        uri=None if key_set else row.uri or None,
        content_hash=row.content_hash.lower() or None,
        locked=row.locked,
        protected=row.protected,
        key_set=key_set,
        written_by=row.by,
    )


def _target(session: Session, row: Written) -> Target | None:
    kind, _, name = row.target.partition(":")
    if not name or session.get(HOLDERS[TargetKind(kind)], name) is None:
        return None
    return Target(TargetKind(kind), name)


def set_state(
    session: Session, store_id: str, uid: str, *, state: TagState, staff_id: str | None, now: datetime
) -> Tag:
    """Say where a tag stands; raises `NotFound` where the store has none such."""
    row = tag_of(session, store_id, uid)
    if row.state != state:
        before, row.state = {"state": row.state}, state
        _note(session, row, "tag state", staff_id=staff_id, now=now, after={"state": state}, before=before)
    return row


def tag_of(session: Session, store_id: str, uid: str) -> Tag:
    """Return a tag of the store; raises `NotFound`, the same for another's and none."""
    row = session.get(Tag, uid)
    if row is None or row.store_id != store_id:
        msg = f"This store has no tag {uid} enrolled."
        raise NotFound(msg)
    return row


def tags_of(session: Session, store_id: str, *, after: str = "", limit: int = PAGE) -> list[Tag]:
    """Return tags of the store by UID, those that follow `after`."""
    wanted = select(Tag).where(Tag.store_id == store_id, Tag.uid > after).order_by(Tag.uid).limit(limit)
    return list(session.scalars(wanted))


def every_tag_of(session: Session, store_id: str) -> Iterator[tuple[Tag, str]]:
    """Yield every tag of the store by UID, with what it means now as a writer's file says it."""
    bound = open_bindings(session, store_id)
    after, rows = "", tags_of(session, store_id)
    while rows:
        for row in rows:
            target = bound.get(row.uid)
            yield row, f"{target.kind}:{target.id}" if target else ""
        after = rows[-1].uid
        rows = tags_of(session, store_id, after=after)


def history(session: Session, uid: str, store_id: str) -> list[Audit]:
    """Return everything that was done with a tag in the store, the latest first."""
    wanted = select(Audit).where(Audit.subject == uid, Audit.store_id == store_id)
    return list(session.scalars(wanted.order_by(Audit.at.desc(), Audit.id.desc())))


def _note(
    session: Session,
    row: Tag,
    action: str,
    *,
    staff_id: str | None,
    now: datetime,
    after: dict[str, Any],
    before: dict[str, Any] | None = None,
) -> None:
    record(
        session,
        now=now,
        staff_id=staff_id,
        store_id=row.store_id,
        action=action,
        subject=row.uid,
        before=before,
        after=after,
    )
