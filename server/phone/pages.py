"""The phone's pages: ask to carry on, wait for the yes at the kiosk, see the visit.

Opening the link changes nothing, since previews of links open it; nothing of a visit is told before the yes.
"""

from __future__ import annotations

import flask
import flask.typing
from flask_babel import get_locale, gettext

from server.access.guard import open_to_all
from server.access.queries import store as find_store
from server.access.rules import key_hash
from server.access.views import limiter
from server.phone import queries
from server.phone.rules import PHONE_LIVES, SECRET_BYTES, State, secret, sign_of
from server.phone.seen import note
from server.promotions.cards import tiles
from server.promotions.evidence import Shown, keep
from server.web import engine, fresh_id, house, now, open_session, page
from server.wire import locale_for, written

pages = flask.Blueprint("carry", __name__, url_prefix="/carry")
Answer = flask.typing.ResponseReturnValue


def init_app(app: flask.Flask) -> None:
    """Add the phone's pages."""
    app.register_blueprint(pages)


@pages.after_request
def _keep_private(response: flask.Response) -> flask.Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@pages.get("/<token>")
@open_to_all("a shopper's phone is nobody we know")
@limiter.limit("30 per minute")
def ask_page(token: str) -> Answer:
    """Ask whether to carry on here; consumes nothing."""
    with open_session() as session:
        row = queries.of_link(session, token)
        if row is None:
            return _unknown()
        open_now = queries.state_of(session, row, now()) is State.OFFERED
    return page("carry_ask.html", token=token) if open_now else _gone()


@pages.post("/<token>")
@open_to_all("a shopper's phone is nobody we know; the token of the form guards it")
@limiter.limit("10 per minute")
def ask(token: str) -> Answer:
    """Ask for the visit, the first phone only."""
    asker = secret(house().luck(SECRET_BYTES))
    sign = sign_of(house().luck(4))
    with open_session() as session:
        row = queries.of_link(session, token)
        if row is None:
            return _unknown()
        offered = queries.state_of(session, row, now()) is State.OFFERED
        if not offered or not queries.step(
            session, row, [State.OFFERED], to=State.ASKED, asker_hash=key_hash(asker), sign=sign
        ):
            return _gone()
    flask.session["carry"] = asker
    return flask.redirect("/carry/waiting", 303)


@pages.get("/waiting")
@open_to_all("a shopper's phone is nobody we know; the secret of the phone that asked is in its cookie")
@limiter.limit("120 per minute")
def waiting() -> Answer:
    """Show the sign until the kiosk has answered; on yes, let this phone in, once."""
    key = secret(house().luck(SECRET_BYTES))
    with open_session() as session:
        row = queries.of_asker(session, flask.session.get("carry", ""))
        if row is None:
            return _unknown()
        reached = queries.state_of(session, row, now())
        if reached is State.ASKED:
            return page("carry_wait.html", sign=row.sign)
        granted = reached is State.GRANTED
        if not granted or not queries.step(
            session, row, [State.GRANTED], to=State.CARRIED, phone_hash=key_hash(key)
        ):
            return _gone()
    return _let_in(key)


def _let_in(key: str) -> flask.Response:
    flask.session.pop("carry", None)
    if flask.request.headers.get("HX-Request"):
        answer = flask.Response(headers={"HX-Redirect": "/carry"})
    else:
        answer = flask.make_response(flask.redirect("/carry", 303))
    secure, lives = house().settings.secure_cookies, int(PHONE_LIVES.total_seconds())
    answer.set_cookie(_cookie(), key, max_age=lives, secure=secure, httponly=True, samesite="Lax")
    return answer


def _cookie() -> str:
    return "__Host-carry" if house().settings.secure_cookies else "carry"


@pages.get("", strict_slashes=False)
@open_to_all("the phone that was let in shows its own cookie")
@limiter.limit("60 per minute")
def visit() -> Answer:
    """Show what was tapped and what is kept, at this store's price now."""
    return _shown(None)


@pages.get("/products/<product_id>")
@open_to_all("the phone that was let in shows its own cookie")
@limiter.limit("60 per minute")
def product(product_id: str) -> Answer:
    """Show one product of the visit."""
    return _shown(product_id)


def _shown(product_id: str | None) -> Answer:
    evidence: list[Shown] = []
    with open_session() as session:
        row = queries.of_phone(session, flask.request.cookies.get(_cookie(), ""), now())
        tapped = queries.products_seen(session, row) if row else []
        mine = [*tapped, *(row.kept if row else [])]
        if row is None or (product_id and product_id not in mine):
            return _unknown()
        store = find_store(session, row.store_id)
        found = tiles(session, store, [product_id] if product_id else mine, now=now(), shown=evidence)
        note(session, row, event_id=fresh_id(), now=now(), product_id=product_id)
    keep(engine(), evidence)
    locale = locale_for(str(get_locale() or "en"), store.locale)
    return page(
        "carry_visit.html",
        store=store,
        product=found.get(product_id or ""),
        tapped=[found[one] for one in tapped if one in found],
        kept=[found[one] for one in row.kept if one in found],
        money=lambda amount: written(amount, locale),
    )


def _unknown() -> Answer:
    return page(
        "carry_none.html", words=gettext("There is no visit to carry on here. Ask for a new code at the kiosk.")
    ), 404


def _gone() -> Answer:
    words = gettext("This code is used up or its time is over. Ask for a new one at the kiosk.")
    return page("carry_none.html", words=words), 410
