"""Is the process alive, is it ready, how does it do, and which headers every answer carries."""

from __future__ import annotations

import hmac
import logging

import flask
from prometheus_client import CollectorRegistry, Counter, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from server.access.guard import open_to_all
from server.errors import Unauthorised, Unavailable
from server.migrations import is_current
from server.web import engine, house

log = logging.getLogger("shelftalker")
routes = flask.Blueprint("health", __name__)

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)


def init_app(app: flask.Flask) -> None:
    """Add the health routes, count answers, and dress every answer."""
    registry = CollectorRegistry()
    app.extensions["registry"] = registry
    answers = Counter("shelftalker_answers", "Answers by route and status", ["route", "status"], registry=registry)
    app.extensions["answers"] = answers
    app.register_blueprint(routes)
    worn = api_headers(app)

    @app.after_request
    def dress(response: flask.Response) -> flask.Response:
        answers.labels(flask.request.endpoint or "none", response.status_code).inc()
        keeps = flask.request.path.startswith(("/static/", "/media/"))
        for name, value in worn.items():
            if name != "Cache-Control" or not keeps:
                response.headers.setdefault(name, value)
        return response


def api_headers(app: flask.Flask) -> dict[str, str]:
    """Return what every answer of the API wears."""
    secure = app.extensions["house"].settings.secure_cookies
    return {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    } | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})


def answers_of(app: flask.Flask) -> Counter:
    """Return the count of answers by route and status."""
    counter: Counter = app.extensions["answers"]
    return counter


@routes.get("/healthz")
@open_to_all("the process manager asks whether the process lives")
def healthz() -> dict[str, str]:
    """Say that the process answers; asks nobody else."""
    return {"status": "ok"}


@routes.get("/readyz")
@open_to_all("the load balancer asks whether to send requests here")
def readyz() -> dict[str, str]:
    """Say that taps can be stored; raises `Unavailable` with the reason where they cannot."""
    try:
        current = is_current(engine())
    except SQLAlchemyError as error:
        msg = "The database is away."
        raise Unavailable(msg) from error
    if not current:
        msg = "The database lacks tables of this version: run `shelftalker upgrade`."
        raise Unavailable(msg)
    return {"status": "ready"}


@routes.get("/metrics")
@open_to_all("guarded by the metrics token itself")
def metrics() -> flask.Response:
    """Give the process's figures to who has the metrics token."""
    token = house().settings.metrics_token
    given = flask.request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(token.encode(), given.encode()):
        msg = "Figures need the metrics token (SHELFTALKER_METRICS_TOKEN) as bearer."
        raise Unauthorised(msg)
    return flask.Response(generate_latest(flask.current_app.extensions["registry"]), mimetype="text/plain")
