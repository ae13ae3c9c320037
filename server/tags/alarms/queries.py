"""Sightings, counters and alarms in the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.access.queries import record
from server.errors import NotFound
from server.tags.alarms.models import TagAlarm, TagSighting
from server.tags.alarms.rules import Counted, Finding, Known, Noticed, Sighted, judged_counter
from server.tags.models import Tag


def _insert(session: Session) -> type[postgresql.Insert] | type[sqlite.Insert]:
    return postgresql.Insert if session.get_bind().dialect.name == "postgresql" else sqlite.Insert


def known_tags(session: Session, uids: Collection[str]) -> dict[str, Known]:
    """Return what is enrolled of these tags, by UID."""
    rows = session.execute(
        select(Tag.uid, Tag.state, Tag.chip, Tag.signature, Tag.uri, Tag.key_set).where(Tag.uid.in_(uids))
    )
    return {row.uid: Known(*row) for row in rows}


def owners_of(session: Session, contents: Collection[str]) -> dict[str, str]:
    """Return the UID of an enrolled tag for each content that was written on one."""
    rows = session.execute(select(Tag.uri, Tag.uid).where(Tag.uri.in_(contents)).order_by(Tag.uid.desc()))
    return {str(uri): uid for uri, uid in rows}


def count_up(session: Session, noticed: Noticed, counter: int) -> Counted:
    """Raise a tag's counter and return what became of it: of any number of equal ones exactly one is `RAISED`.

    It is one UPDATE that compares as it writes, so no two can pass, on whatever engine and from however many
    processes.
    """
    raised = session.execute(
        update(Tag)
        .where(Tag.uid == noticed.uid, Tag.counter < counter)
        .values(counter=counter, counted_at=noticed.at, counted_by=noticed.tap.tap_id)
        .returning(Tag.uid)
    ).first()
    if raised:
        return Counted.RAISED
    highest, at, by = session.execute(
        select(Tag.counter, Tag.counted_at, Tag.counted_by).where(Tag.uid == noticed.uid)
    ).one()
    return judged_counter(noticed, counter, highest=highest, at=at, by=by)


def note_sightings(session: Session, batch: Collection[Noticed]) -> None:
    """Keep where tags were last read."""
    last = {(one.uid, one.kiosk_id): one for one in sorted(batch, key=lambda one: one.at)}
    if not last:
        return
    new = _insert(session)(TagSighting)
    statement = new.on_conflict_do_update(
        index_elements=[TagSighting.uid, TagSighting.kiosk_id],
        set_={"at": new.excluded.at, "store_id": new.excluded.store_id},
        where=TagSighting.at < new.excluded.at,
    )
    rows = [
        {"uid": one.uid, "kiosk_id": one.kiosk_id, "store_id": one.store_id, "at": one.at}
        for _, one in sorted(last.items())  # one order for all writers: no deadlock
    ]
    session.connection().execute(statement, rows)


def sightings(session: Session, uids: Collection[str]) -> defaultdict[str, list[Sighted]]:
    """Return where tags were last read, by UID."""
    found: defaultdict[str, list[Sighted]] = defaultdict(list)
    wanted = select(TagSighting.uid, TagSighting.kiosk_id, TagSighting.store_id, TagSighting.at)
    for uid, kiosk_id, store_id, at in session.execute(wanted.where(TagSighting.uid.in_(uids))):
        found[uid].append(Sighted(kiosk_id, store_id, at))
    return found


def raise_alarms(session: Session, findings: Iterable[Finding]) -> None:
    """Open an alarm for each finding, or count one more of what is open already."""
    for one in sorted(findings, key=lambda one: (one.store_id, one.uid, one.kind)):  # one order: no deadlock
        new = _insert(session)(TagAlarm).values(
            store_id=one.store_id,
            uid=one.uid,
            kind=one.kind,
            kiosk_id=one.kiosk_id,
            first_seen=one.at,
            last_seen=one.at,
            count=1,
            evidence=dict(one.evidence),
        )
        session.execute(
            new.on_conflict_do_update(
                index_elements=[TagAlarm.store_id, TagAlarm.uid, TagAlarm.kind],
                index_where=TagAlarm.seen_at.is_(None),
                set_={
                    "count": TagAlarm.count + 1,
                    "last_seen": new.excluded.last_seen,
                    "kiosk_id": new.excluded.kiosk_id,
                    "evidence": new.excluded.evidence,
                },
            )
        )


def open_alarms(session: Session, store_id: str) -> list[TagAlarm]:
    """Return the store's alarms that nobody has seen, the latest first."""
    wanted = select(TagAlarm).where(TagAlarm.store_id == store_id, TagAlarm.seen_at.is_(None))
    return list(session.scalars(wanted.order_by(TagAlarm.last_seen.desc(), TagAlarm.id.desc())))


def seen_alarms(session: Session, store_id: str, limit: int = 20) -> list[TagAlarm]:
    """Return the store's alarms that somebody has seen, the latest first."""
    wanted = select(TagAlarm).where(TagAlarm.store_id == store_id, TagAlarm.seen_at.is_not(None))
    return list(session.scalars(wanted.order_by(TagAlarm.seen_at.desc(), TagAlarm.id.desc()).limit(limit)))


def open_count(session: Session, store_id: str) -> int:
    """Return how many alarms of the store nobody has seen."""
    wanted = select(func.count()).where(TagAlarm.store_id == store_id, TagAlarm.seen_at.is_(None))
    return session.scalar(wanted) or 0


def mark_seen(session: Session, store_id: str, alarm_id: int, *, staff_id: str, now: datetime) -> None:
    """Close an alarm: somebody looked; raises `NotFound`, the same for another store's and none."""
    row = session.get(TagAlarm, alarm_id)
    if row is None or row.store_id != store_id:
        msg = f"This store has no alarm {alarm_id}."
        raise NotFound(msg)
    if row.seen_at is not None:
        return
    row.seen_by, row.seen_at = staff_id, now
    record(
        session,
        now=now,
        staff_id=staff_id,
        store_id=store_id,
        action="tag alarm seen",
        subject=row.uid,
        after={"kind": row.kind, "count": row.count},
    )
