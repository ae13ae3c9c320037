"""The door to the screen: a page on this machine only, fed by one stream of server-sent events."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import flask
from flask_babel import Babel, force_locale
from markupsafe import Markup

from kiosk import machine, words
from kiosk.choosing import Asked
from kiosk.given import ServerClock
from kiosk.qr import qr
from kiosk.screen import Notice, ScreenState, View
from kiosk.shelf import ShelfCopy
from server.wire import PURPOSES, Heartbeat, Money, Text, locale_for, written
from server.wire import words as in_language

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
HEARTBEAT_SECONDS = 5.0
NAMES = {"en": "English", "es": "Español"}
TEXT_SIZES = (100, 150, 200)


class CarryingOnScreen(Protocol):
    """What the page asks of the hand-over to a phone."""

    def begin(self) -> None:
        """Show a link as a code."""
        ...

    def answer(self, sign: str, yes: bool) -> None:
        """Tell whether the phone that shows `sign` is the shopper's."""
        ...

    def close(self) -> None:
        """Take it off the screen."""
        ...


class AgentOnScreen(Protocol):
    """What the page asks of the agent."""

    shelf: ShelfCopy
    clock: ServerClock

    @property
    def carrying(self) -> CarryingOnScreen:
        """Return the hand-over to a phone."""
        ...

    def state(self) -> ScreenState:
        """Return what stands on the screen."""
        ...

    def wait(self, after: int, timeout: float) -> ScreenState:
        """Return the state once its number is above `after`, or after `timeout` seconds."""
        ...

    def pick(self, product_id: str) -> None:
        """Open a suggestion."""
        ...

    def done(self) -> None:
        """End the visit."""
        ...

    def still_here(self) -> None:
        """Keep the visit going."""
        ...

    def speak(self, language: str) -> None:
        """Change the language."""
        ...

    def call_staff(self) -> None:
        """Ask for a person."""
        ...

    def choose(self, purpose: Asked, yes: bool) -> None:
        """Agree to what is asked, or no longer."""
        ...

    def show_choices(self) -> None:
        """Show once more what the shopper agreed to."""
        ...

    def painted(self, number: int) -> None:
        """Hear that a state is on the glass."""
        ...

    def picture(self, name: str) -> Path | None:
        """Return the file of a picture."""
        ...


def create_app(agent: AgentOnScreen, *, port: int, secret: str) -> flask.Flask:
    """Return the page's app. Only a browser on this machine that loaded the page may speak to it."""
    app = flask.Flask("kiosk")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, default_locale="en")
    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
    _guard(app, hosts, secret)
    _pages(app, agent, secret)
    _actions(app, agent)
    return app


def _guard(app: flask.Flask, hosts: set[str], secret: str) -> None:
    @app.before_request
    def check() -> None:
        request = flask.request
        if request.host not in hosts:
            flask.abort(403)
        if request.method == "POST":
            origin = request.headers.get("Origin", "")
            shown = request.headers.get("X-Screen", "")
            if origin.removeprefix("http://") not in hosts or not hmac.compare_digest(
                shown.encode(), secret.encode()
            ):
                flask.abort(403)

    @app.after_request
    def dress(response: flask.Response) -> flask.Response:
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        if not flask.request.path.startswith(("/media/", "/static/vendor/")):
            response.headers["Cache-Control"] = "no-store"
        return response


def _pages(app: flask.Flask, agent: AgentOnScreen, secret: str) -> None:
    @app.get("/")
    def page() -> str:
        return flask.render_template("page.html", secret=secret, state=agent.state())

    @app.get("/stream")
    def stream() -> flask.Response:
        def events() -> Iterator[str]:
            number = flask.request.args.get("after", default=0, type=int)
            while True:
                state = agent.wait(number, HEARTBEAT_SECONDS)
                if state.number == number:
                    yield ": still here\n\n"
                    continue
                number = state.number
                lines = draw(agent, state).replace("\r", "").split("\n")
                yield f"id: {number}\n" + "".join(f"data: {line}\n" for line in lines) + "\n"

        return flask.Response(flask.stream_with_context(events()), mimetype="text/event-stream")

    @app.get("/media/<name>")
    def media(name: str) -> flask.Response:
        path = agent.picture(name)
        if path is None:
            flask.abort(404)
        return flask.send_file(path, max_age=86_400)

    @app.get("/healthz")
    def healthz() -> dict[str, Any]:
        state = agent.state()
        live = getattr(state.view, "live", False)
        shown = {"number": state.number, "view": type(state.view).__name__, "subject": subject_of(state.view)}
        return {"status": "ok", "live": live, **shown}


def _actions(app: flask.Flask, agent: AgentOnScreen) -> None:
    def act(path: str, action: Callable[..., None]) -> None:
        def view(**what: Any) -> tuple[str, int]:
            action(**what)
            return "", 204

        app.add_url_rule(path, endpoint=path, view_func=view, methods=["POST"])

    act("/pick/<product_id>", agent.pick)
    act("/done", agent.done)
    act("/still-here", agent.still_here)
    act(f"/language/<any({', '.join(NAMES)}):language>", agent.speak)
    act("/call-staff", agent.call_staff)
    act("/choices", agent.show_choices)
    for answer, yes in (("yes", True), ("no", False)):
        act(f"/choices/<any({', '.join((*PURPOSES, 'story'))}):purpose>/{answer}", partial(agent.choose, yes=yes))
        act(f"/carry/<string(length=2):sign>/{answer}", partial(agent.carrying.answer, yes=yes))
    act("/carry", agent.carrying.begin)
    act("/carry/close", agent.carrying.close)
    act("/painted/<int:number>", agent.painted)


def show_machine(app: flask.Flask, agent: AgentOnScreen, how_it_is: Callable[[], Heartbeat]) -> None:
    """Give the page's app a page on the machine; `how_it_is` tells how it does."""

    @app.get("/machine")
    def machine_page() -> str:
        state = agent.state()
        with force_locale(state.language):
            return flask.render_template("machine.html", **machine.about(state, agent.shelf, how_it_is()))


def subject_of(view: View) -> str:
    """Return what a view is of: a product's or sign's id, `unknown`, a notice's kind; '' for nothing."""
    if isinstance(view, Notice):
        return view.kind
    card = getattr(view, "card", None)
    named = getattr(card, "product_id", None) or getattr(card, "sign_id", None)
    return str(named or getattr(card, "kind", ""))


def draw(agent: AgentOnScreen, state: ScreenState) -> str:
    """Return the screen's inside as HTML, in the shopper's language."""
    shelf = agent.shelf.shelf
    zone = shelf.time_zone if shelf else "UTC"
    locale = locale_for(state.language, shelf.locale if shelf else state.language)

    def price(amount: Money) -> str:
        return written(amount, locale)

    def text(translated: Text | None) -> str:
        return in_language(translated, state.language) if translated else ""

    def at(moment: datetime | None) -> str:
        return words.clock(moment, zone, locale) if moment else ""

    with force_locale(state.language):
        return flask.render_template(
            "screen.html",
            state=state,
            view=state.view,
            kind=type(state.view).__name__,
            subject=subject_of(state.view),
            money=price,
            text=text,
            at=at,
            day=lambda moment: words.day(moment, zone, locale),
            last=lambda moment: words.last_day(moment, zone, locale),
            by_colour=words.by_colour,
            hours=lambda opens, clock=zone: words.hours(opens, clock, locale, now=agent.clock.now()),
            opens=shelf.opens if shelf else (),
            called=words.called,
            qr=lambda address: Markup(qr(address)),  # noqa: S704 - drawn by segno, which escapes
            left=state.carry.seconds_left(agent.clock.now()) if state.carry else 0,
            minutes=words.minutes,
            carry_told=words.carried,
            known=words.known(state.known_by),
            distance=lambda metres: words.distance(metres, locale),
            asked=words.asked(),
            names=NAMES,
            sizes=TEXT_SIZES,
            store=shelf.store if shelf else "",
        )
