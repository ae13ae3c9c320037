"""The promotions of the chain, as merchandisers and managers plan, pause and end them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import flask
import flask.typing
from babel.dates import get_day_names
from sqlalchemy.orm import Session

from server.access.guard import staff_only, this_staff
from server.access.models import Role
from server.access.queries import record, stores
from server.errors import Invalid
from server.promotions import queries, saving
from server.promotions.checking import check
from server.promotions.models import Promotion
from server.promotions.planning import promotion_of, refuse_others
from server.promotions.wording import KINDS
from server.web import now, open_session, page, staff_language

pages = flask.Blueprint("promotion_pages", __name__)

CLOSED = {"pause": True, "resume": False}


def init_app(app: flask.Flask) -> None:
    """Add the page of promotions."""
    app.register_blueprint(pages)


@pages.get("/merchandise/promotions")
@staff_only(Role.MERCHANDISER, Role.MANAGER)
def promotions() -> str:
    """Show every promotion with its window in the stores' local time, and why one is left out."""
    return _page()


def _page(refused: str = "") -> str:
    with open_session() as session:
        clocks = [now().astimezone(ZoneInfo(one.time_zone)).replace(tzinfo=None) for one in stores(session)]
        last = min(clocks, default=now().replace(tzinfo=None))
        listed = [(row, _fault(row), bool(row.ends and row.ends <= last)) for row in queries.every(session)]
    names = get_day_names("abbreviated", locale=staff_language())
    form = flask.request.form
    return page(
        "promotions.html",
        promotions=listed,
        kinds=KINDS,
        refused=refused,
        form=form,
        days=[names[n] for n in range(7)],
    )


def _fault(row: Promotion) -> str:
    try:
        check(row)
    except Invalid as error:
        return str(error)
    return ""


@pages.post("/merchandise/promotions")
@staff_only(Role.MERCHANDISER, Role.MANAGER)
def plan() -> flask.typing.ResponseReturnValue:
    """Plan a promotion or change one; what cannot be true is refused with the reason, the form kept."""
    staff = this_staff()
    try:
        planned = promotion_of(flask.request.form, staff)
        refuse_others(staff, planned.rule)
        with open_session() as session:
            held = session.get(Promotion, planned.id)
            if held is not None:
                refuse_others(staff, held.rule)
            saving.save(session, planned, now=now())
            _audit(session, "promotion planned", planned.id, rule=planned.rule)
    except Invalid as error:
        return _page(str(error)), error.status
    return flask.redirect("/merchandise/promotions", 303)


@pages.post("/merchandise/promotions/<promotion_id>/<any(pause, resume):how>")
@staff_only(Role.MERCHANDISER, Role.MANAGER)
def pause(promotion_id: str, how: str) -> flask.typing.ResponseReturnValue:
    """Take a promotion off every card at once, or put it back."""
    with open_session() as session:
        refuse_others(this_staff(), saving.find(session, promotion_id).rule)
        saving.pause(session, promotion_id, paused=CLOSED[how], now=now())
        _audit(session, f"promotion {how}", promotion_id)
    return flask.redirect("/merchandise/promotions", 303)


@pages.post("/merchandise/promotions/<promotion_id>/end")
@staff_only(Role.MERCHANDISER, Role.MANAGER)
def end(promotion_id: str) -> flask.typing.ResponseReturnValue:
    """End a promotion for good."""
    with open_session() as session:
        refuse_others(this_staff(), saving.find(session, promotion_id).rule)
        saving.end(session, promotion_id, now=now())
        _audit(session, "promotion ended", promotion_id)
    return flask.redirect("/merchandise/promotions", 303)


def _audit(session: Session, action: str, subject: str, **after: object) -> None:
    staff_id = this_staff().id
    record(
        session, now=now(), staff_id=staff_id, store_id=None, action=action, subject=subject, after=after or None
    )
