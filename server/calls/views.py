"""A shopper's call for a person, as the kiosk sends it."""

from __future__ import annotations

import flask

from server.access.guard import devices_only, this_device
from server.access.models import KioskKind
from server.calls import queries
from server.openapi import documented
from server.web import now, open_session, read_json
from server.wire import StaffCall

routes = flask.Blueprint("calls", __name__, url_prefix="/api/v1")


def init_app(app: flask.Flask) -> None:
    """Add the call's route."""
    app.register_blueprint(routes)


@routes.post("/calls")
@devices_only(KioskKind.KIOSK)
@documented(takes=StaffCall)
def call() -> tuple[str, int]:
    """Tell the store's staff that somebody asks for them."""
    asked, device = read_json(StaffCall), this_device()
    with open_session() as session:
        queries.note_call(session, asked, device, now=now())
    return "", 204
