"""A manager's tags over the API: list, history, state, a writer's file in and out."""

from __future__ import annotations

import flask

from server.access.guard import own_store, staff_only, this_staff
from server.access.models import Role
from server.errors import Invalid
from server.openapi import documented
from server.tags.enrolment import queries
from server.tags.enrolment.records import (
    EXPORTED,
    ImportAnswer,
    StateChange,
    TagPage,
    TagRecord,
    TagStory,
    change_of,
    exported,
    record_of,
)
from server.tags.enrolment.written import read_written, write_csv
from server.web import now, read_json
from server.wire import Frozen

routes = flask.Blueprint("enrolment", __name__, url_prefix="/api/v1/stores/<store_id>")


def init_app(app: flask.Flask) -> None:
    """Add the routes."""
    app.register_blueprint(routes)


def _told(answer: Frozen) -> flask.Response:
    return flask.Response(answer.model_dump_json(), mimetype="application/json")


@routes.get("/tags")
@staff_only(Role.MANAGER)
@documented(gives=TagPage)
def tags(store_id: str) -> flask.Response:
    """List the store's enrolled tags by UID, 200 at a time."""
    with own_store(store_id) as (store, session):
        rows = queries.tags_of(session, store.id, after=flask.request.args.get("after", ""))
    return _told(TagPage(tags=tuple(record_of(row) for row in rows)))


@routes.get("/tags.csv")
@staff_only(Role.MANAGER)
def tags_csv(store_id: str) -> flask.Response:
    """Give all of them as a file of a writer's columns."""
    with own_store(store_id) as (store, session):
        text = write_csv(
            (exported(tag, target) for tag, target in queries.every_tag_of(session, store.id)), EXPORTED
        )
    told = {"Content-Disposition": f'attachment; filename="tags-{store.id}.csv"'}
    return flask.Response(text, mimetype="text/csv", headers=told)


@routes.get("/tags/<uid>")
@staff_only(Role.MANAGER)
@documented(gives=TagStory)
def tag(store_id: str, uid: str) -> flask.Response:
    """Give a tag and everything that was done with it."""
    with own_store(store_id) as (store, session):
        row = queries.tag_of(session, store.id, uid)
        changes = queries.history(session, uid, store.id)
    return _told(TagStory(tag=record_of(row), history=tuple(change_of(change) for change in changes)))


@routes.post("/tags/<uid>")
@staff_only(Role.MANAGER)
@documented(takes=StateChange, gives=TagRecord)
def change(store_id: str, uid: str) -> flask.Response:
    """Say where a tag stands from now on."""
    state = read_json(StateChange).state
    with own_store(store_id) as (store, session):
        row = queries.set_state(session, store.id, uid, state=state, staff_id=this_staff().id, now=now())
    return _told(record_of(row))


@routes.post("/tags")
@staff_only(Role.MANAGER)
@documented(gives=ImportAnswer)
def take_file(store_id: str) -> flask.Response:
    """Take a writer's file (CSV, UTF-8): enrol its tags, and bind those that say what they mean."""
    try:
        rows = read_written(flask.request.get_data().decode("utf-8"))
    except UnicodeDecodeError as error:
        msg = "The file is not written in UTF-8."
        raise Invalid(msg) from error
    key_set = flask.request.args.get("keys") or None
    with own_store(store_id) as (store, session):
        done = queries.import_written(
            session, store.id, rows, key_set=key_set, staff_id=this_staff().id, now=now()
        )
    return _told(ImportAnswer(enrolled=done.enrolled, bound=done.bound, left_out=done.left_out))
