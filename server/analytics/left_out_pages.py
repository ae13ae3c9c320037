"""The page of what is left out of learning and counting: kiosks in quarantine and test visits of a store."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import flask
import flask.typing
from flask_babel import gettext
from sqlalchemy.orm import Session

from server.access.guard import own_store, staff_only, this_staff
from server.access.models import Role, Store
from server.access.queries import device_names
from server.errors import Conflict, Invalid, NotFound, ServerError
from server.promotions.window import instant
from server.timeline.left_out import kiosks, visits
from server.timeline.left_out.models import LONGEST_REASON
from server.timeline.left_out.saying import Said
from server.timeline.queries import recent_visits
from server.web import fresh_id, now, page

pages = flask.Blueprint("left_out_pages", __name__)


def init_app(app: flask.Flask) -> None:
    """Add the page."""
    app.register_blueprint(pages)


@pages.get("/manage/<store_id>/left-out")
@staff_only(Role.MANAGER, Role.OPERATOR)
def left_out(store_id: str) -> str:
    """Show which kiosks and visits of a store count for nothing, and why."""
    with own_store(store_id) as (store, session):
        return _page(session, store)


def _page(session: Session, store: Store, refused: str = "") -> str:
    found = kiosks.quarantines(session, store.id)
    tests, lately = visits.marked(session, store.id), recent_visits(session, [store.id])
    known = {row.visit_id for row in tests}
    waiting = {row.kiosk_id for row in found if row.ended_at is None}
    devices = device_names(session, store.id)
    return page(
        "left_out.html",
        store=store,
        now_out=[row for row in found if row.ended_at is None],
        ended=[row for row in found if row.ended_at is not None],
        tests=tests,
        devices=devices,
        free={key: name for key, name in devices.items() if key not in waiting},
        lately=[line for line in lately if line.visit_id not in known],
        asked=flask.request.values,
        refused=refused,
    )


@pages.post("/manage/<store_id>/left-out/<what>")
@staff_only(Role.MANAGER, Role.OPERATOR)
def change(store_id: str, what: str) -> flask.typing.ResponseReturnValue:
    """Do what a form asks; where it cannot be, the page says why, and what was written stays in it."""
    if what not in DONE:
        flask.abort(404)
    try:
        with own_store(store_id) as (store, session):
            DONE[what](session, store)
    except ServerError as error:
        with own_store(store_id) as (store, session):
            return _page(session, store, _in_words(error)), error.status
    return flask.redirect(f"/manage/{store.id}/left-out", 303)


def _quarantine(session: Session, store: Store) -> None:
    since = _moment(store, flask.request.form.get("since", ""))
    asked = flask.request.form.get("kiosk", "")
    kiosks.quarantine(session, asked, _said(), row_id=fresh_id(), since=since or now(), store_id=store.id)


def _release(session: Session, store: Store) -> None:
    asked = flask.request.form.get("kiosk", "")
    waiting = {row.kiosk_id: row for row in kiosks.quarantines(session, store.id) if row.ended_at is None}
    never = flask.request.form.get("never") and asked in waiting
    until = waiting[asked].since if never else None
    kiosks.release(session, asked, _said(), store_id=store.id, until=until)


def _mark(session: Session, store: Store) -> None:
    visits.mark(session, _visit(), _said(), row_id=fresh_id(), store_id=store.id)


def _count(session: Session, store: Store) -> None:
    visits.count_again(session, _visit(), _said(), store_id=store.id)


DONE = {"quarantine": _quarantine, "release": _release, "mark": _mark, "count": _count}


def _in_words(error: ServerError) -> str:
    if isinstance(error, Conflict):
        return str(gettext("This kiosk is not believed already."))
    if isinstance(error, NotFound):
        return str(gettext("That is not here, or somebody was faster. Look at the list below."))
    return str(error)


def _said() -> Said:
    reason = flask.request.form.get("reason", "")
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        raise Invalid(gettext("Say why, in 1 to %(n)s characters.", n=LONGEST_REASON))
    return Said(this_staff().id, reason, now())


def _visit() -> UUID:
    try:
        return UUID(flask.request.form.get("visit", "").strip())
    except ValueError as error:
        raise Invalid(gettext("Choose a visit.")) from error


def _moment(store: Store, written: str) -> datetime | None:
    """Return a moment as the store's clock shows it; None where nothing is written."""
    if not written:
        return None
    try:
        at = instant(datetime.fromisoformat(written).replace(tzinfo=None), ZoneInfo(store.time_zone))
    except ValueError as error:
        raise Invalid(gettext("Write the day and the hour, for example 2026-11-24T09:00.")) from error
    if at > now():
        raise Invalid(gettext("It begins now, or began earlier."))
    return at
