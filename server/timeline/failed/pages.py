"""The operator's pages of messages that did not fit: why, what came, put right, taken again."""

from __future__ import annotations

import json
from uuid import UUID

import flask
import flask.typing
from flask_babel import gettext
from sqlalchemy.orm import Session

from server.access.guard import staff_only, this_staff
from server.access.models import Role
from server.access.queries import record
from server.errors import Invalid
from server.timeline.failed import queries
from server.timeline.failed.words import in_words
from server.timeline.models import FailedEvent
from server.timeline.rules.messages import Message
from server.web import now, open_session, page

pages = flask.Blueprint("failed_event_pages", __name__)
MOST = 200


def init_app(app: flask.Flask) -> None:
    """Add the pages."""
    app.register_blueprint(pages)


@pages.get("/operate/failed-events")
@staff_only(Role.OPERATOR)
def failed_events() -> str:
    """Show what waits to be put right, the oldest first."""
    return _listed("")


def _listed(done: str) -> str:
    with open_session() as session:
        waiting, all_of_them = queries.waiting(session, most=MOST), queries.how_many_wait(session)
    shown = [(row, in_words(row.code)) for row in waiting]
    return page("failed_events.html", waiting=shown, left=all_of_them - len(shown), done=done)


@pages.get("/operate/failed-events/<uuid:event_id>")
@staff_only(Role.OPERATOR)
def failed_event(event_id: UUID) -> str:
    """Show one message as it came, to be put right; the look leaves a row of audit."""
    with open_session() as session:
        row = queries.failed(session, event_id)
        _note(session, "failed-event.read", event_id)
        return _opened(row, json.dumps(row.message, indent=2, ensure_ascii=False), "")


def _opened(row: FailedEvent, written: str, trouble: str) -> str:
    return page("failed_event.html", row=row, why=in_words(row.code), written=written, trouble=trouble)


@pages.post("/operate/failed-events/<uuid:event_id>")
@staff_only(Role.OPERATOR)
def repair(event_id: UUID) -> flask.typing.ResponseReturnValue:
    """Take a message as it should have been; what still does not fit stays in the form, with the reason."""
    written = flask.request.form.get("message", "")
    with open_session() as session:
        row = queries.failed(session, event_id)
        try:
            queries.take_again(session, row, now=now(), message=_message(written))
        except Invalid as error:
            return _opened(row, written, str(error)), 422
        _note(session, "failed-event.repair", event_id)
    return flask.redirect("/operate/failed-events", 303)


@pages.post("/operate/failed-events/again")
@staff_only(Role.OPERATOR)
def again() -> str:
    """Try all of them once more as they came: what this version understands goes on the timeline."""
    with open_session() as session:
        taken, left = queries.try_again(session, queries.waiting(session), now=now())
    return _listed(gettext("%(taken)s went on the timeline; %(left)s still do not fit.", taken=taken, left=left))


def _message(written: str) -> Message:
    try:
        told = json.loads(written)
    except ValueError as error:
        raise Invalid(gettext("This is no JSON: %(reason)s", reason=error)) from error
    if not isinstance(told, dict):
        raise Invalid(gettext("A message is one JSON object, in braces."))
    return told


def _note(session: Session, action: str, event_id: UUID) -> None:
    record(session, now=now(), staff_id=this_staff().id, store_id=None, action=action, subject=str(event_id))
