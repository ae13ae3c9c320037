"""Visits of a store, and one visit's events in order."""

from __future__ import annotations

from uuid import UUID

import flask

from server.access.guard import own_store, staff_only, this_staff
from server.access.models import Role
from server.access.queries import device_names
from server.catalogue.queries import names, signs
from server.timeline import queries
from server.timeline.stories.queries import look_at, shared_visits
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
        shared = shared_visits(session, store.id, {line.visit_id for line in listed if line.visit_id}, now=now())
    manages = this_staff().role is Role.MANAGER
    return page("visits.html", store=store, visits=listed, devices=devices, shared=shared, manages=manages)


@pages.get("/manage/<store_id>/visits/<uuid:visit_id>")
@staff_only(Role.MANAGER, Role.ASSOCIATE)
def visit(store_id: str, visit_id: UUID) -> str:
    """Show one visit's story, the newest first; raises `NotFound`, and `Conflict` where it needs a yes."""
    with own_store(store_id) as (store, session):
        story = look_at(session, store.id, visit_id, who=this_staff(), now=now())
        called = names(session, {e.product_id for e in story.events if e.product_id})
        titles = {key: sign.title for key, (sign, _) in signs(session, None).items()}
    return page("visit.html", store=store, visit_id=visit_id, story=story, names=called | titles)
