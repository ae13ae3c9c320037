"""Heartbeats."""

from __future__ import annotations

import flask

from server.access.guard import devices_only, this_device
from server.fleet import queries
from server.openapi import documented
from server.web import now, open_session, read_json
from server.wire import Heartbeat

routes = flask.Blueprint("fleet", __name__, url_prefix="/api/v1")


def init_app(app: flask.Flask) -> None:
    """Add the heartbeat's route."""
    app.register_blueprint(routes)


@routes.post("/heartbeats")
@devices_only()
@documented(takes=Heartbeat)
def heartbeat() -> tuple[str, int]:
    """Take a kiosk's word on how it is."""
    told, device = read_json(Heartbeat), this_device()
    with open_session() as session:
        queries.note_heartbeat(session, kiosk_id=device.id, store_id=device.store_id, heartbeat=told, now=now())
    return "", 204
