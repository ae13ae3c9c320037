"""Whose a customer's timeline is, and what the catalogue says of what stands on it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from server.catalogue.queries import categories_of, sizes_of
from server.errors import Conflict
from server.timeline.models import Event
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind, RequestKind
from server.timeline.people.queries import person_of
from server.timeline.people.requests import forbidden
from server.timeline.reading.asked import Whose
from server.timeline.reading.favourites import Goods, variant_of

RESTRICTED = "This customer asked that what is kept of them is used for nothing; it is kept until they lift that."
OBJECTED = "This customer objected to a profile; none is made until they lift that."


def whose_customer(session: Session, user_id: str) -> Whose:
    """Return whose timeline a customer's is at this moment: all their numbers, and the visits linked to them."""
    person = person_of(session, Id(IdKind.CUSTOMER, user_id))
    return Whose(tuple(person.visits), tuple(person.values(IdKind.CUSTOMER)))


def may_be_told(session: Session, user_id: str, keys: PersonKeys, *, profiling: bool) -> None:
    """Raise `Conflict`, in words, where the customer forbids to use what is kept of them, or to make a profile."""
    no = forbidden(session, Id(IdKind.CUSTOMER, user_id), keys) if keys else set()
    if RequestKind.RESTRICT in no:
        raise Conflict(RESTRICTED)
    if no and profiling:
        raise Conflict(OBJECTED)


def goods_of(session: Session, events: Collection[Event]) -> Goods:
    """Return what the catalogue says of what events are about."""
    products = {event.product_id for event in events if event.product_id}
    return Goods(categories_of(session, products), sizes_of(session, set(map(variant_of, events)) - {""}))
