"""Stories in the database: whose may be seen, and one of them, the look at it noted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.rules import StaffMember
from server.errors import Conflict, NotFound
from server.timeline.models import Event
from server.timeline.people.looking import note_look
from server.timeline.people.models import Id, IdKind
from server.timeline.people.queries import person_of
from server.timeline.queries import visit_events
from server.timeline.stories.rules import DECIDING, needs_yes, yes_stands


@dataclass(frozen=True, slots=True)
class Story:
    """What happened in a visit, the newest first; `shared` while the shopper's yes stands."""

    events: list[Event]
    shared: bool


def shared_visits(session: Session, store_id: str, visit_ids: Collection[UUID], *, now: datetime) -> set[UUID]:
    """Return those of the visits whose story the store's team may see at this moment."""
    told = defaultdict(list)
    wanted = select(Event).where(Event.visit_id.in_(list(visit_ids)), Event.kind.in_(DECIDING))
    for event in session.scalars(wanted.where(Event.store_id == store_id)):
        told[event.visit_id].append(event)
    return {visit for visit, events in told.items() if visit and yes_stands(events, now)}


def look_at(session: Session, store_id: str, visit_id: UUID, *, who: StaffMember, now: datetime) -> Story:
    """Return a visit's story and note who looked, in the caller's transaction.

    Raises `NotFound` for a visit of another store, `Conflict` where the shopper has to say yes first.
    """
    events = visit_events(session, [store_id], visit_id)
    if not events:
        msg = gettext("There is no such visit in this store.")
        raise NotFound(msg)
    person = person_of(session, Id(IdKind.VISIT, str(visit_id)))
    shared = yes_stands(events, now)
    if shared:
        note_look(session, person, who, store_id=store_id, now=now)
    elif needs_yes(who.role, known=bool(person.values(IdKind.CUSTOMER))):
        msg = gettext("The shopper decides: this is shown while they stand at the kiosk and have said yes there.")
        raise Conflict(msg)
    return Story(events[::-1], shared)
