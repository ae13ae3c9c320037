"""The schemas at an address that stays: `/schemas/events`, and below it kind and version."""

from __future__ import annotations

import flask

from server.access.guard import open_to_all
from server.errors import NotFound
from server.timeline.models import EventKind
from server.timeline.published.making import schema_of
from server.timeline.rules.schemas import VERSION

routes = flask.Blueprint("schemas", __name__, url_prefix="/schemas/events")
FOR_ALL = "says how events are written, and holds none"


def init_app(app: flask.Flask) -> None:
    """Add the routes."""
    app.register_blueprint(routes)


@routes.get("", strict_slashes=False)
@open_to_all(FOR_ALL)
def listed() -> flask.Response:
    """Name every kind of event with the address of its schema."""
    return flask.jsonify({kind: f"/schemas/events/{kind}/{VERSION}" for kind in EventKind})


@routes.get("/<kind>/<int:version>")
@open_to_all(FOR_ALL)
def one(kind: str, version: int) -> flask.Response:
    """Give the schema of a kind."""
    if kind not in set(EventKind) or version != VERSION:
        msg = "There is no such schema; /schemas/events names those there are."
        raise NotFound(msg)
    answer = flask.jsonify(schema_of(EventKind(kind)))
    answer.mimetype = "application/schema+json"
    return answer
