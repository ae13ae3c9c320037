"""Each look at what a person did leaves a row of audit: who looked, when, at whose."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from server.access.models import Audit
from server.access.queries import record
from server.access.rules import StaffMember
from server.timeline.people.models import Id, IdKind
from server.timeline.people.queries import Person, batched

LOOKED = "timeline.read"
LONGEST = 200


def note_look(session: Session, person: Person, who: StaffMember, *, store_id: str, now: datetime) -> None:
    """Add the row of a look at the story of a visit somebody let the team see, whoever they are."""
    record(session, now=now, staff_id=who.id, store_id=store_id, action=LOOKED, subject=str(person.name))


def note_source_look(session: Session, one: Id, source_id: str, *, now: datetime) -> None:
    """Add the row of a look a program took, in the caller's transaction; a stranger's visit has none."""
    if one.kind is not IdKind.VISIT:
        of = {"source": source_id}
        record(session, now=now, staff_id=None, store_id=None, action=LOOKED, subject=str(one)[:LONGEST], after=of)


def forget_looks(session: Session, ids: list[Id]) -> None:
    """Keep that somebody looked, and no longer at whose."""
    for some in batched([str(one)[:LONGEST] for one in ids]):
        looks = update(Audit).where(Audit.action == LOOKED, Audit.subject.in_(some))
        session.execute(looks.values(subject="somebody erased"))
