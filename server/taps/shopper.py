"""Whose list it is: decided from what this kiosk's taps left on the timeline, never from what the kiosk claims."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from server.access.rules import Device
from server.promotions.limits import Customer
from server.promotions.rules.situation import ANYBODY, MEMBERS, Shopper
from server.taps.queries import took_place
from server.timeline.people import consenting
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind, RequestKind
from server.timeline.people.queries import events_of, person_of
from server.timeline.people.requests import forbidden
from server.timeline.people.visits import ever_of
from server.timeline.reading.purchases import orders_of
from server.timeline.reading.visit import signs_tapped


def shopper_of(
    session: Session, device: Device, visit_id: UUID | None, *, keys: PersonKeys
) -> tuple[Shopper, Customer | None]:
    """Return what a visit's shopper lets the shop know, and the customer whose limits count, where they agreed.

    Of a visit that did not take place at this kiosk nothing is known. Whoever had the use of what is known of them
    restricted is a stranger meanwhile.
    """
    if visit_id is None or not took_place(session, device.id, visit_id):
        return ANYBODY, None
    signs = signs_tapped(session, device.store_id, visit_id)
    visit = Id(IdKind.VISIT, str(visit_id))
    if not consenting.holds(session, visit_id).known or RequestKind.RESTRICT in forbidden(session, visit, keys):
        return Shopper(signs=signs), None
    bought = orders_of(events_of(session, person_of(session, visit)))
    orders = len(bought) if consenting.proven(session, visit_id) else 0
    known = Shopper(segments=frozenset({MEMBERS}), signs=signs, orders=orders)
    return known, Customer(visit_id, lambda current: _visits(current, visit_id))


def _visits(session: Session, visit_id: UUID) -> Collection[UUID]:
    return ever_of(session, person_of(session, Id(IdKind.VISIT, str(visit_id))))
