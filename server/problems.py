"""Errors as people and programs meet them: RFC 9457 on the API, plain words on pages, never a traceback."""

from __future__ import annotations

import logging

import flask
import flask.typing
from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from server.errors import ServerError, Unavailable

log = logging.getLogger("shelftalker")

RETRY_AFTER_SECONDS = 2


def init_app(app: flask.Flask) -> None:
    """Answer every error of the app in one of the two ways."""
    app.register_error_handler(ServerError, _ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


def speaks_api() -> bool:
    """Return whether the request came from a program."""
    return flask.request.path.startswith(
        ("/api/", "/v1/", "/sourceConfig", "/openapi", "/metrics", "/readyz", "/healthz")
    )


def problem(status: int, code: str, detail: str) -> flask.Response:
    """Return problem details (RFC 9457), or the page that says the same."""
    if not speaks_api():
        return _trouble_page(status, detail)
    body = {
        "type": f"urn:shelftalker:problem:{code}",
        "title": code.replace("-", " ").capitalize(),
        "status": status,
        "detail": detail,
        "instance": flask.request.path,
    }
    response = flask.jsonify(body)
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def _ours(error: ServerError) -> flask.Response:
    answer = problem(error.status, error.code, str(error))
    if isinstance(error, Unavailable):
        answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        log.warning("unavailable: %s", error.__cause__ or error)
    return answer


def _http(error: HTTPException) -> flask.typing.ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    answer = problem(status, (error.name or "error").lower().replace(" ", "-"), error.description or error.name)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            answer.headers[name] = value
    return answer


def _unforeseen(error: Exception) -> flask.Response:
    log.error("unforeseen error on %s", flask.request.path, exc_info=error)
    return problem(500, "server-error", "Something went wrong here. It has been written down for the team.")


def _trouble_page(status: int, detail: str) -> flask.Response:
    told = {
        401: gettext("Please sign in first."),
        403: gettext("You are signed in, but this is not for your role."),
        404: gettext("There is nothing here, or it belongs to another store."),
        405: gettext("This page cannot do that."),
        413: gettext("That is more than this page can take at once."),
        429: gettext("Too many tries. Please wait a minute and try again."),
        500: gettext("Something went wrong here. It has been written down for the team."),
        503: gettext("The shop's database is away for a moment. Nothing was lost; please try again."),
    }
    words = told.get(status, detail)
    ours = "carry_none.html" if flask.request.path.startswith("/carry") else "trouble.html"
    body = flask.render_template(ours, words=words)
    return flask.make_response(body, status)
