"""The story of a visit for a program the team uses, such as a handheld: the same rule as the page's."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import flask

from server.access.guard import own_store, staff_only, this_staff
from server.access.models import Role
from server.catalogue.queries import names
from server.openapi import documented
from server.timeline.models import EventKind
from server.timeline.rules.vocabulary import called
from server.timeline.stories import queries
from server.web import now
from server.wire import Text
from server.wire.values import Frozen

routes = flask.Blueprint("stories", __name__, url_prefix="/api/v1/stores/<store_id>")


class StoryEvent(Frozen):
    """One thing that happened: what, when, in which channel, and the product with its name per language."""

    kind: str
    event: str
    at: datetime
    channel: str
    product_id: str | None
    product: Text | None


class StoryTold(Frozen):
    """A visit, its newest event first."""

    visit_id: UUID
    events: tuple[StoryEvent, ...]


def init_app(app: flask.Flask) -> None:
    """Add the route."""
    app.register_blueprint(routes)


@routes.get("/visits/<uuid:visit_id>/story")
@staff_only(Role.MANAGER, Role.ASSOCIATE)
@documented(gives=StoryTold)
def story(store_id: str, visit_id: UUID) -> flask.Response:
    """Tell what happened in a visit while its shopper lets the team see it; each look leaves a row of audit."""
    with own_store(store_id) as (store, session):
        seen = queries.look_at(session, store.id, visit_id, who=this_staff(), now=now())
        products = names(session, {event.product_id for event in seen.events if event.product_id})
        told = StoryTold(
            visit_id=visit_id,
            events=tuple(
                StoryEvent(
                    kind=event.kind,
                    event=called(EventKind(event.kind)),
                    at=event.corrected_at,
                    channel=event.channel,
                    product_id=event.product_id,
                    product=products.get(event.product_id or ""),
                )
                for event in seen.events
            ),
        )
    return flask.Response(told.model_dump_json(), mimetype="application/json")
