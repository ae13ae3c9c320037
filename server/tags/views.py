"""What a desk reader sends."""

from __future__ import annotations

import flask

from server.access.guard import devices_only, this_device
from server.access.models import KioskKind
from server.openapi import documented
from server.tags import queries
from server.web import now, open_session, read_json
from server.wire import DeskRead

routes = flask.Blueprint("tags", __name__, url_prefix="/api/v1")


def init_app(app: flask.Flask) -> None:
    """Add the desk reader's route."""
    app.register_blueprint(routes)


@routes.post("/desk/reads")
@devices_only(KioskKind.DESK)
@documented(takes=DeskRead)
def desk_read() -> tuple[str, int]:
    """Take a tag laid on the desk reader; it is shown to the manager and goes on no timeline."""
    read, device = read_json(DeskRead), this_device()
    with open_session() as session:
        queries.note_desk_reading(session, kiosk_id=device.id, store_id=device.store_id, read=read, now=now())
    return "", 204
