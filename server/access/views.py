"""Sign in and out, and the language of the pages."""

from __future__ import annotations

import flask
import flask.typing
from flask_babel import gettext
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from server.access import guard, sessions
from server.access.guard import open_to_all, staff_only
from server.texts import LANGUAGES
from server.web import page

pages = flask.Blueprint("access", __name__)
limiter = Limiter(key_func=get_remote_address, storage_uri="memory://", strategy="moving-window")


def init_app(app: flask.Flask) -> None:
    """Bring log-in, guard and throttle to the app."""
    settings = app.extensions["house"].settings
    guard.init_app(app)
    sessions.init_app(app, secret_key=settings.secret_key, secure=settings.secure_cookies)
    limiter.init_app(app)
    app.register_blueprint(pages)


def _login_name() -> str:
    return flask.request.form.get("login", "").strip().lower()


@pages.get("/login")
@open_to_all("one must be able to sign in")
def login_page() -> str:
    """Show the log-in form."""
    return page("login.html", next=flask.request.args.get("next", ""))


@pages.post("/login")
@open_to_all("one must be able to sign in")
@limiter.limit("10 per minute")
@limiter.limit(
    "5 per minute; 50 per day", key_func=_login_name, deduct_when=lambda response: response.status_code != 302
)
def login() -> flask.typing.ResponseReturnValue:
    """Sign in and go where one wanted to."""
    form = flask.request.form
    if not sessions.sign_in(form.get("login", ""), form.get("password", "")[:1024]):
        words = gettext("Name and password do not fit together. Please try again.")
        return page("login.html", words=words, login=form.get("login", ""), next=form.get("next", "")), 401
    return flask.redirect(_own_path(form.get("next", "")))


def _own_path(path: str) -> str:
    inside = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if inside else "/"


@pages.post("/logout")
@staff_only()
def logout() -> flask.typing.ResponseReturnValue:
    """Sign out."""
    sessions.sign_out()
    return flask.redirect("/login")


@pages.post("/language/<code>")
@open_to_all("one reads the log-in page before one is known")
def language(code: str) -> flask.typing.ResponseReturnValue:
    """Choose the language of the pages."""
    if code in LANGUAGES:
        flask.session["language"] = code
    return flask.redirect(_own_path(flask.request.form.get("next", "/")))
