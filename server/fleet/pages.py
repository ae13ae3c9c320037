"""The kiosks of a store, in words."""

from __future__ import annotations

import flask
from flask_babel import get_locale

from server.access.guard import own_store, staff_only
from server.access.models import Role
from server.fleet import queries
from server.fleet.words import reader_fault
from server.web import now, page

pages = flask.Blueprint("fleet_pages", __name__)


def init_app(app: flask.Flask) -> None:
    """Add the page of kiosks."""
    app.register_blueprint(pages)
    app.template_filter("reader_fault")(lambda record: reader_fault(record, str(get_locale() or "en")))


@pages.get("/manage/<store_id>/kiosks")
@staff_only(Role.MANAGER, Role.OPERATOR)
def kiosks(store_id: str) -> str:
    """Show how each kiosk of the store is."""
    with own_store(store_id) as (store, session):
        lines = queries.kiosks_with_state(session, [store.id], now())
    return page("kiosks.html", store=store, lines=lines)
