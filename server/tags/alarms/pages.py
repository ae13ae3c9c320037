"""The manager's page of tags that may not be what they seem."""

from __future__ import annotations

import flask
import flask.typing
from flask_babel import get_locale

from server.access.guard import own_store, staff_only, this_staff
from server.access.models import Role
from server.access.queries import device_names
from server.catalogue.queries import names
from server.tags.alarms import queries, words
from server.tags.alarms.models import TagAlarm
from server.web import now, page

pages = flask.Blueprint("alarm_pages", __name__)


def init_app(app: flask.Flask) -> None:
    """Add the page."""
    app.register_blueprint(pages)


@pages.get("/manage/<store_id>/alarms")
@staff_only(Role.MANAGER)
def alarms(store_id: str) -> str:
    """Show what was noticed about the store's tags: what nobody has seen yet, then what was seen lately."""
    with own_store(store_id) as (store, session):
        waiting = queries.open_alarms(session, store.id)
        seen = queries.seen_alarms(session, store.id)
        products = {alarm.evidence.get(role) for alarm in waiting for role in ("means", "names")}
        called = names(session, {product for product in products if product})
        devices = device_names(session, store.id)
    language = str(get_locale() or "en")

    def told(rows: list[TagAlarm]) -> list[tuple[TagAlarm, str, str]]:
        return [(row, words.noticed(row, language), words.advice(row, language)) for row in rows]

    return page("alarms.html", store=store, waiting=told(waiting), seen=told(seen), called=called, devices=devices)


@pages.post("/manage/<store_id>/alarms/<int:alarm_id>/seen")
@staff_only(Role.MANAGER)
def seen(store_id: str, alarm_id: int) -> flask.typing.ResponseReturnValue:
    """Take an alarm off the list: somebody has looked."""
    with own_store(store_id) as (store, session):
        queries.mark_seen(session, store.id, alarm_id, staff_id=this_staff().id, now=now())
    return flask.redirect(f"/manage/{store.id}/alarms", 303)
