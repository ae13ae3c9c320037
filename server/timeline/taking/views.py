"""The routes other makers' clients write to, where those clients expect them: at the root, beside the API."""

from __future__ import annotations

from typing import Any

import flask
from pydantic_core import from_json
from werkzeug.exceptions import RequestEntityTooLarge

from server.access.guard import sources_only
from server.errors import BadRequest, ServerError, TooLarge
from server.problems import problem
from server.timeline.group_commit import Writer
from server.timeline.rules.cloud_events import cloud_event_row, from_headers
from server.timeline.rules.messages import Message, Sending, event_row
from server.timeline.sources.models import Right
from server.timeline.taking import cors
from server.timeline.taking.bodies import LARGEST, read_body, unpack
from server.timeline.taking.key import this_source
from server.timeline.taking.line import Line
from server.timeline.taking.take import Read, take
from server.web import House, engine, now

routes = flask.Blueprint("timeline_taking", __name__)

CALLS = {
    **{name: name for name in ("track", "identify", "page", "screen", "group", "alias", "batch")},
    **{"t": "track", "i": "identify", "p": "page", "s": "screen", "g": "group", "a": "alias", "b": "batch"},
}
"""What stands in a path, and the call it is."""

ANY_CALL = f"any({', '.join(CALLS)})"
"""Each path is there with and without a slash at its end: a redirect would lose events."""

MOST_MESSAGES = 2500


def init_app(app: flask.Flask) -> None:
    """Add the routes."""
    furnished: House = app.extensions["house"]
    app.extensions["timeline_line"] = Line(max(1, furnished.settings.threads // 2))
    app.register_blueprint(routes)


routes.after_request(cors.allow)


@routes.route(f"/v1/<{ANY_CALL}:call>", methods=["OPTIONS"], strict_slashes=False)
@routes.route(f"/api/s/<{ANY_CALL}:call>", methods=["OPTIONS"], strict_slashes=False)
@routes.route("/v1/cloudevents", methods=["OPTIONS"], strict_slashes=False)
@sources_only()
def asked_before(**_: str) -> flask.Response:
    """Answer a browser, which asks without a key before a page of another origin may write."""
    return flask.Response(status=200)


@routes.post(f"/v1/<{ANY_CALL}:call>", strict_slashes=False)
@routes.post(f"/api/s/<{ANY_CALL}:call>", strict_slashes=False)
@sources_only()
def message(call: str) -> flask.Response:
    """Take one message, or a batch of them, of a client of the Segment family."""
    with _line().place():
        body = _body()
        if not isinstance(body, dict):
            msg = 'The body is a JSON object: a message, or {"batch": [message, …]}.'
            raise BadRequest(msg)
        if CALLS[call] == "batch":
            return _take(body.get("batch"), body, lambda one, sending, index: event_row(one, sending, index=index))
        told = {**body, "type": CALLS[call]}
        return _take([told], body, lambda one, sending, index: event_row(one, sending, index=index))


@routes.post("/v1/cloudevents", strict_slashes=False)
@sources_only()
def cloud_events() -> flask.Response:
    """Take CloudEvents: one in the headers, one in the body, or a batch."""
    with _line().place():
        if "ce-specversion" in flask.request.headers:
            told: object = [from_headers(dict(flask.request.headers), _binary())]
        else:
            body = _body()
            told = body if isinstance(body, list) else [body]
        return _take(told, None, lambda one, sending, _: cloud_event_row(one, sending))


def _take(messages: object, body: Message | None, read: Read) -> flask.Response:
    if not isinstance(messages, list):
        msg = "`batch` is a list of messages."
        raise BadRequest(msg)
    if len(messages) > MOST_MESSAGES:
        msg = f"A batch has at most {MOST_MESSAGES} messages; this one has {len(messages)}."
        raise TooLarge(msg)
    request = flask.request
    sending = Sending(
        source=this_source(Right.WRITE, body),
        received_at=now(),
        sent_at=(body or {}).get("sentAt"),
        resent="X-Retry-Count" in request.headers,
    )
    strict = request.headers.get("X-Strict-Mode") == "1"
    taken = take(messages, sending, read, writer=_writer(), engine=engine(), strict=strict)
    return flask.jsonify(
        success=True, accepted=taken.accepted, duplicates=taken.duplicates, rejected=list(taken.rejected)
    )


def _raw() -> bytes:
    flask.request.max_content_length = LARGEST
    try:
        raw = flask.request.get_data(parse_form_data=False)
    except RequestEntityTooLarge as error:
        msg = f"The body is larger than {LARGEST} bytes; send smaller batches."
        raise TooLarge(msg) from error
    return unpack(raw, flask.request.headers.get("Content-Encoding", ""))


def _body() -> Any:
    return read_body(_raw())


def _binary() -> Any:
    raw = _raw()
    if "json" in flask.request.headers.get("Content-Type", "json"):
        return read_body(raw) if raw else None
    return raw.decode("utf-8", "replace").replace("\0", "")


@routes.errorhandler(ServerError)
def told(error: ServerError) -> flask.Response:
    """Add what some clients look for: one takes a refusal for a hiccup where `code` and `message` are missing."""
    answer = problem(error.status, error.code, str(error))
    told = from_json(answer.get_data())
    answer.set_data(flask.json.dumps({**told, "code": error.code, "message": str(error)}))
    if error.status in {429, 503}:
        answer.headers["Retry-After"] = "1"
    return answer


def _line() -> Line:
    line: Line = flask.current_app.extensions["timeline_line"]
    return line


def _writer() -> Writer:
    writer: Writer = flask.current_app.extensions["timeline_writer"]
    return writer
