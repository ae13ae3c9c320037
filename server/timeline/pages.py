"""Visits of a store, and one visit's events in order."""

from __future__ import annotations

from uuid import UUID

import flask

from server.access.guard import own_store, staff_only
from server.access.models import Role
from server.access.queries import device_names
from server.catalogue.queries import names, signs
from server.errors import NotFound
from server.timeline import queries
from server.web import page

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
    if not events:
        msg = "There is no such visit in this store."
        raise NotFound(msg)
    return page("visit.html", store=store, events=events, names=called | titles)
