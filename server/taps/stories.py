"""The kiosk's route by which a shopper lets the team see this visit, or no longer does."""

from __future__ import annotations

import flask

from server.access.guard import devices_only, this_device
from server.access.models import KioskKind
from server.openapi import documented
from server.taps.rules import story_entry
from server.timeline.group_commit import Writer
from server.web import now, read_json, told_as_ours
from server.wire import StoryChoice

routes = flask.Blueprint("story_choices", __name__, url_prefix="/api/v1")


def init_app(app: flask.Flask) -> None:
    """Add the route."""
    app.register_blueprint(routes)


@routes.post("/visits/stories")
@devices_only(KioskKind.KIOSK)
@documented(takes=StoryChoice)
def story() -> tuple[str, int]:
    """Take whether the team may see what a shopper looked at; told twice is harmless."""
    writer: Writer = flask.current_app.extensions["timeline_writer"]
    with told_as_ours():
        writer.write([story_entry(read_json(StoryChoice), this_device(), now())])
    return "", 204
