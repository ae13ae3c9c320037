"""Visits of a store, and one visit's events in order."""

from __future__ import annotations

from uuid import UUID

import flask

from server.access.guard import own_store, staff_only, this_staff
from server.access.models import Role
from server.access.queries import device_names
from server.catalogue.queries import names, signs
from server.errors import NotFound
from server.timeline import queries
from server.timeline.people.looking import note_look
from server.timeline.people.models import Id, IdKind
from server.timeline.people.queries import person_of
from server.web import now, page

pages = flask.Blueprint("timeline_pages", __name__)


def init_app(app: flask.Flask) -> None:
    """Add the pages of visits."""
    app.register_blueprint(pages)


@pages.get("/manage/<store_id>/visits")
@staff_only(Role.MANAGER, Role.ASSOCIATE)
def visits(store_id: str) -> str:
    """Show the store's latest visits."""
    with own_store(store_id) as (store, session):
        listed = queries.recent_visits(session, [store.id])
        devices = device_names(session, store.id)
    return page("visits.html", store=store, visits=listed, devices=devices)


@pages.get("/manage/<store_id>/visits/<uuid:visit_id>")
@staff_only(Role.MANAGER, Role.ASSOCIATE)
def visit(store_id: str, visit_id: UUID) -> str:
    """Show one visit's events in order; raises `NotFound` for one of another store."""
    with own_store(store_id) as (store, session):
        events = queries.visit_events(session, [store.id], visit_id)
        called = names(session, {e.product_id for e in events if e.product_id})
        titles = {key: sign.title for key, (sign, _) in signs(session, None).items()}
        person = person_of(session, Id(IdKind.VISIT, str(visit_id)))
        if events:
            note_look(session, person, this_staff(), store_id=store.id, now=now())
    if not events:
        msg = "There is no such visit in this store."
        raise NotFound(msg)
    known = bool(person.values(IdKind.CUSTOMER))
    return page("visit.html", store=store, events=events, names=called | titles, known=known)
