"""Pictures of products, open to all: their names change with their content."""

from __future__ import annotations

import flask

from server.access.guard import open_to_all
from server.web import house

routes = flask.Blueprint("catalogue", __name__)


def init_app(app: flask.Flask) -> None:
    """Add the pictures."""
    app.register_blueprint(routes)


@routes.get("/media/<name>")
@open_to_all("product pictures are public, and the kiosk's browser asks without a key")
def media(name: str) -> flask.Response:
    """Give a picture; it may be kept for a year."""
    return flask.send_from_directory(house().settings.media_dir, name, max_age=31_536_000)
