"""Routes that are asked thousands of times a second, answered without the web framework in between.

The framework's routing, contexts, session and hooks cost a kiosk's tap more than the tap itself. A direct route
is a view of the app like any other, with its policy, and the app alone answers it just the same; here is only the
short way for requests that are in order. Everything else, and every error, goes the app's way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import flask

from server import health
from server.access.guard import bearer_of, policy_of, remembered_device
from server.access.rules import Device
from server.wire import MAX_BODY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Answer = Callable[[Device, bytes], bytes]
"""What a direct route does: the device and the body of a request, and the JSON to answer it with."""


def init_app(app: flask.Flask, answers: Mapping[str, Answer]) -> None:
    """Answer these endpoints of the app, each with one path and for devices only, directly."""
    app.wsgi_app = DirectRoutes(app, answers)  # type: ignore[method-assign,assignment]  # Flask's own way to wrap an app


class DirectRoutes:
    """A WSGI app around the app (`framework`): the short way where there is one."""

    def __init__(self, app: flask.Flask, answers: Mapping[str, Answer]) -> None:
        self._app, self.framework = app, app.wsgi_app
        self._routes = {
            rule.rule: _Route(app, rule.endpoint, answers[rule.endpoint])
            for rule in app.url_map.iter_rules()
            if rule.endpoint in answers
        }
        self._headers = [("Content-Type", "application/json"), *health.api_headers(app).items()]

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a POST to a direct route from a device whose key is remembered; pass on whatever else."""
        route = self._routes.get(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] == "POST" else None
        device = route.device(environ) if route else None
        length = environ.get("CONTENT_LENGTH") or ""
        if route is None or device is None or not length.isdecimal() or int(length) > MAX_BODY:
            return self.framework(environ, start)
        try:
            body = route.answer(device, environ["wsgi.input"].read(int(length)))
        except Exception as error:
            return self._told(error, environ, start)
        route.answered.inc()
        start("200 OK", [*self._headers, ("Content-Length", str(len(body)))])
        return [body]

    def _told(self, error: Exception, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        with self._app.request_context(environ):
            told = self._app.make_response(self._app.handle_user_exception(error))
            return self._app.process_response(told)(environ, start)


class _Route:
    """A direct route: who may ask, what answers, and where answers are counted."""

    def __init__(self, app: flask.Flask, endpoint: str, answer: Answer) -> None:
        self._app, self.answer = app, answer
        self._policy = policy_of(app.view_functions[endpoint])
        self.answered = health.answers_of(app).labels(endpoint, 200)

    def device(self, environ: WSGIEnvironment) -> Device | None:
        key = bearer_of(environ.get("HTTP_AUTHORIZATION", ""))
        device = remembered_device(self._app, key)
        return device if device and self._policy and device.kind in self._policy.devices else None
