"""Where a card left its UID before anybody knew whose it was: tapped or laid on a desk before it was enrolled."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from server.tags.alarms.models import TagAlarm
from server.tags.models import DeskReading, UnknownTag
from server.timeline.models import Event, EventKind
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind

TRACED = (UnknownTag, DeskReading, TagAlarm)
"""Tables in which a tag stands that nobody has bound; a bound one is of a product, and no card."""


def traces(session: Session, cards: Collection[str], keys: PersonKeys) -> set[str]:
    """Return the UIDs that lists of unknown tags hold of cards, given as they are stored."""
    if not cards:
        return set()
    seen: list[tuple[str, str | None]] = [(uid, None) for uid in session.scalars(select(TagAlarm.uid).distinct())]
    for table in (UnknownTag, DeskReading):
        seen += [(uid, uri) for uid, uri in session.execute(select(table.uid, table.uri))]
    return {uid for uid, uri in seen if any(_hashed(value, keys) & set(cards) for value in (uid, uri) if value)}


def _hashed(value: str, keys: PersonKeys) -> set[str]:
    return {form.value for form in keys.every(Id(IdKind.CARD, value))}


def forget_traces(session: Session, uids: Collection[str]) -> None:
    """Take the UIDs off those lists and out of the events that met them as unknown."""
    if not uids:
        return
    for table in TRACED:
        session.execute(delete(table).where(table.uid.in_(uids)))
    met = update(Event).where(Event.kind == EventKind.UNKNOWN_TAG_TAPPED, Event.tag_uid.in_(uids))
    session.execute(met.values(tag_uid=None))
