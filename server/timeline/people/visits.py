"""The visits of a person, those they took back included: what was given to somebody once stays given."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session

from server.timeline.people.models import IdKind, Link
from server.timeline.people.queries import Person, batched


def ever_of(session: Session, person: Person) -> frozenset[UUID]:
    """Return the visits that are, or ever were, linked to one of the person's ids; none that was forgotten."""
    found = {one.value for one in person.ids if one.kind is IdKind.VISIT}
    for some in batched(sorted((one.kind.value, one.value) for one in person.ids if one.kind is not IdKind.VISIT)):
        ends = or_(tuple_(Link.one_kind, Link.one_id).in_(some), tuple_(Link.other_kind, Link.other_id).in_(some))
        for link in session.scalars(select(Link).where(ends)):
            found |= {end.value for end in link.ends if end.kind is IdKind.VISIT}
    return frozenset(UUID(value) for value in found)
