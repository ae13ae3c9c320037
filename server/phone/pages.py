"""The phone's way in: ask to carry on, wait for the yes at the kiosk.

Opening the link changes nothing, since previews of links open it; nothing of a visit is told before the yes.
"""

from __future__ import annotations

import flask
import flask.typing
from flask_babel import gettext

from server.access.guard import open_to_all
from server.access.rules import key_hash
from server.phone import queries, visit_pages
from server.phone.door import give_key, that_asked, tries
from server.phone.numbers import of_number
from server.phone.rules import NUMBER, SECRET_BYTES, State, secret, sign_of
from server.phone.visit_pages import Answer, unknown
from server.timeline.people.hand_over import HandOver
from server.timeline.people.named import naming
from server.web import house, now, open_session, page

pages = flask.Blueprint("carry", __name__, url_prefix="/carry")


def init_app(app: flask.Flask) -> None:
    """Add the phone's pages."""
    app.register_blueprint(pages)
    app.register_blueprint(visit_pages.pages)


@pages.after_request
@visit_pages.pages.after_request
def _keep_private(response: flask.Response) -> flask.Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@pages.get("/<token>")
@open_to_all("a shopper's phone is nobody we know")
@tries("30 per minute")
def ask_page(token: str) -> Answer:
    """Ask whether to carry on here, as a customer too; consumes nothing."""
    with open_session() as session:
        row = queries.of_link(session, token)
        if row is None:
            return unknown()
        open_now = queries.state_of(session, row, now()) is State.OFFERED
        return _asking(token, row) if open_now else _gone()


@pages.post("/<token>")
@open_to_all("a shopper's phone is nobody we know; the token of the form guards it")
@tries("10 per minute")
def ask(token: str) -> Answer:
    """Ask for the visit, the first phone only; with a customer's number, ask to be known, too."""
    asker = secret(house().luck(SECRET_BYTES))
    sign = sign_of(house().luck(4))
    number = flask.request.form.get("number")
    with open_session() as session:
        row = queries.of_link(session, token)
        if row is None:
            return unknown()
        if queries.state_of(session, row, now()) is not State.OFFERED:
            return _gone()
        asks: dict[str, str | None] = {"asker_hash": key_hash(asker), "sign": sign}
        if number is not None:
            found = of_number(session, row, number)
            if isinstance(found, str):
                return _asking(token, row, words=found)
            asks |= {"by": NUMBER, **naming(found)}
        if not queries.step(session, row, [State.OFFERED], to=State.ASKED, **asks):
            return _gone()
    flask.session["carry"] = asker
    return flask.redirect("/carry/waiting", 303)


def _asking(token: str, row: HandOver, words: str = "") -> Answer:
    known = row.asks_who and bool(house().settings.person_keys)
    return page("carry_ask.html", token=token, known=known, words=words), 422 if words else 200


@pages.get("/waiting")
@open_to_all("a shopper's phone is nobody we know; the secret of the phone that asked is in its cookie")
@tries("120 per minute")
def waiting() -> Answer:
    """Show the sign until the kiosk has answered; on yes, let this phone in, once."""
    key = secret(house().luck(SECRET_BYTES))
    with open_session() as session:
        row = that_asked(session)
        if row is None:
            return unknown()
        reached = queries.state_of(session, row, now())
        if reached is State.ASKED:
            return page("carry_wait.html", sign=row.sign)
        granted = reached is State.GRANTED
        if not granted or not queries.step(
            session, row, [State.GRANTED], to=State.CARRIED, phone_hash=key_hash(key)
        ):
            return _gone()
    by_itself = flask.request.headers.get("HX-Request")
    there = flask.Response(headers={"HX-Redirect": "/carry"}) if by_itself else flask.redirect("/carry", 303)
    return give_key(flask.make_response(there), key)


def _gone() -> Answer:
    words = gettext("This code is used up or its time is over. Ask for a new one at the kiosk.")
    return page("carry_none.html", words=words), 410
