"""Shoppers who ask for somebody, and who goes."""

from __future__ import annotations

from uuid import UUID

import flask
import flask.typing

from server.access.guard import own_store, staff_only, this_staff
from server.access.models import Role
from server.access.queries import device_names
from server.calls import queries
from server.catalogue.queries import names
from server.timeline.stories.queries import shared_visits
from server.web import now, page

pages = flask.Blueprint("call_pages", __name__)


def init_app(app: flask.Flask) -> None:
    """Add the page of calls."""
    app.register_blueprint(pages)


@pages.get("/manage/<store_id>/calls")
@staff_only(Role.MANAGER, Role.ASSOCIATE)
def calls(store_id: str) -> str:
    """Show who waits for somebody."""
    with own_store(store_id) as (store, session):
        waiting = queries.open_calls(session, [store.id], now())
        called = names(session, {call.product_id for call in waiting if call.product_id})
        devices = device_names(session, store.id)
        shared = shared_visits(session, store.id, {call.visit_id for call in waiting}, now=now())
    return page("calls.html", store=store, calls=waiting, names=called, devices=devices, shared=shared)


@pages.post("/manage/<store_id>/calls/<uuid:call_id>/take")
@staff_only(Role.MANAGER, Role.ASSOCIATE)
def take(store_id: str, call_id: UUID) -> flask.typing.ResponseReturnValue:
    """Say that one goes to the shopper."""
    with own_store(store_id) as (store, session):
        queries.take(session, call_id, store_id=store.id, staff_id=this_staff().id, now=now())
    return flask.redirect(f"/manage/{store.id}/calls", 303)
