"""Links between ids in the database: made, undone, and followed when read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, update
from sqlalchemy.orm import Session

from server.errors import Conflict, NotFound
from server.timeline.models import Event
from server.timeline.people import rules
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind, Link

Value = TypeVar("Value")

TURN = 0x5E1F_0B1D
"""PostgreSQL's advisory lock under which links are made one at a time: each sees what the last one joined."""

MOST_AT_ONCE = 200
"""How many ids one statement asks about."""


@dataclass(frozen=True, slots=True)
class Said:
    """Who says that ids belong together or do not, why, and when."""

    source: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """What one id resolves to: what the person is called, all their ids, and the links that say so."""

    name: Id
    ids: frozenset[Id]
    links: tuple[Link, ...]

    def values(self, kind: IdKind) -> list[str]:
        """Return the person's ids of a kind, in order."""
        return sorted(one.value for one in self.ids if one.kind is kind)

    @property
    def visits(self) -> list[UUID]:
        """Return the person's visits."""
        return [UUID(value) for value in self.values(IdKind.VISIT)]


def person_of(session: Session, one: Id) -> Person:
    """Return whom an id belongs to at this moment: itself alone where it is linked to nothing."""
    ids, new = {one}, {one}
    links: dict[UUID, Link] = {}
    while new:
        found = {link.id: link for link in _links_of(session, new)}
        links |= found
        new = {end for link in found.values() for end in link.ends} - ids
        ids |= new
    in_order = sorted(links.values(), key=lambda link: (link.linked_at, link.id))
    return Person(rules.called(ids), frozenset(ids), tuple(in_order))


def stored_as(session: Session, one: Id, keys: PersonKeys) -> Id:
    """Return the form an id stands in already, under whichever key; where it is new, the current key's."""
    forms = keys.every(one)
    if len(forms) == 1:
        return forms[0]
    known = {end for link in _links_of(session, forms) for end in link.ends}
    return next((form for form in forms if form in known), forms[0])


def _links_of(session: Session, ids: Collection[Id]) -> list[Link]:
    found: list[Link] = []
    for some in batched(sorted(ids, key=str)):
        found += session.scalars(select(Link).where(or_(*_ends_in(some)), Link.unlinked_at.is_(None)))
    return found


def _ends_in(ids: Collection[Id]) -> Iterator[ColumnElement[bool]]:
    """Yield for each kind what finds its links by an index: of pairs SQLite reads the whole table."""
    for kind in {one.kind for one in ids}:
        values = [one.value for one in ids if one.kind is kind]
        yield and_(Link.one_kind == kind, Link.one_id.in_(values))
        yield and_(Link.other_kind == kind, Link.other_id.in_(values))


def link(session: Session, ends: tuple[Id, Id], said: Said, *, link_id: UUID) -> Link:
    """Link two ids in the caller's transaction, once; return the link there is then.

    Raises `Invalid` for an id that can be nobody's, `Conflict` where two customers would become one.
    """
    return _joined(session, ends, said, link_id=link_id)


def merge(session: Session, customers: tuple[Id, Id], said: Said, *, link_id: UUID) -> Link:
    """Say that two customers are one person: a link like any other, so that undoing it restores both exactly."""
    if any(one.kind is not IdKind.CUSTOMER for one in customers):
        msg = "Only customers are merged; other ids are linked."
        raise Conflict(msg)
    return _joined(session, customers, said, link_id=link_id, on_purpose=True)


def _joined(session: Session, ends: tuple[Id, Id], said: Said, *, link_id: UUID, on_purpose: bool = False) -> Link:
    one, other = sorted((rules.usable(end) for end in ends), key=str)
    if one == other:
        msg = f"{one} is linked to itself already."
        raise Conflict(msg)
    wait_for_turn(session)
    before = person_of(session, one)
    for held in before.links:
        if set(held.ends) == {one, other}:
            return held
    if not on_purpose and other not in before.ids:
        rules.may_join(before.ids, person_of(session, other).ids)
    made = Link(
        id=link_id,
        one_kind=one.kind,
        one_id=one.value,
        other_kind=other.kind,
        other_id=other.value,
        source=said.source,
        reason=said.reason,
        linked_at=said.at,
    )
    session.add(made)
    session.flush()
    return made


def wait_for_turn(session: Session) -> None:
    """Wait until nobody else links: what is read after this is what stands then."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(TURN)))
    else:  # a statement that may write takes SQLite's lock, whether or not it changes a row
        session.execute(update(Link).where(false()).values(reason=""))


def unlink(session: Session, link_id: UUID, said: Said) -> None:
    """Undo a link or a merge: whoever was two before is two again. Undone before, it stays as it was then.

    Raises `NotFound`.
    """
    row = session.get(Link, link_id, with_for_update=True)
    if row is None:
        msg = f"There is no link {link_id}."
        raise NotFound(msg)
    if row.unlinked_at is None:
        row.unlinked_at, row.unlinked_by, row.unlinked_reason = said.at, said.source, said.reason
        session.flush()


def why(session: Session, one: Id, other: Id) -> list[Link]:
    """Return the links that make one person of two ids, in order; raises `NotFound` where they are two."""
    found = rules.way(one, other, person_of(session, one).links)
    if found is None:
        msg = f"{one} and {other} are not known to be one person."
        raise NotFound(msg)
    return list(found)


def events_of(session: Session, person: Person, *, kinds: Collection[str] | None = None) -> list[Event]:
    """Return what a person did in all channels, in order; only what is of some kinds, where they are given.

    What names a customer is that customer's; only what names none follows its visit, for many may share a browser.
    """
    customers, visits = person.values(IdKind.CUSTOMER), person.visits
    wanted = select(Event) if kinds is None else select(Event).where(Event.kind.in_(sorted(kinds)))
    found: dict[UUID, Event] = {}
    for some in batched(customers):
        found |= {event.id: event for event in session.scalars(wanted.where(Event.user_id.in_(some)))}
    for stays in batched(visits):
        own = wanted.where(Event.visit_id.in_(stays), names_nobody())
        found |= {event.id: event for event in session.scalars(own)}
    return sorted(found.values(), key=lambda event: (event.corrected_at, event.epoch, event.seq, event.id))


def names_nobody() -> ColumnElement[bool]:
    """Return the condition that an event names no customer, in words that no planner looks up in an index."""
    return func.coalesce(Event.user_id, "") == ""


def batched(all_of_them: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """Yield as many at a time as one statement may ask about."""
    for start in range(0, len(all_of_them), MOST_AT_ONCE):
        yield all_of_them[start : start + MOST_AT_ONCE]
