"""What the application server runs: direct routes on its event loop, the web framework in threads beside it.

The framework's routing, contexts, session and hooks, and a thread for each request, cost a kiosk's tap more than
the tap itself. A direct route is a view of the app like any other, with its policy, and the app alone answers it
just the same; here is only the short way for requests that are in order. Everything else, and every error, goes
the app's way.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import flask
from a2wsgi import WSGIMiddleware

from server import health
from server.access.guard import bearer_of, policy_of, remembered_device
from server.access.rules import Device
from server.wire import MAX_BODY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Answer = Callable[[Device, bytes], Awaitable[bytes]]
"""What a direct route does: the device and the body of a request, and the JSON to answer it with."""

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

LOOKS_EVERY = 0.01
"""Seconds between looks at whether all is handed over, at the end."""

ERROR = "shelftalker.error"
"""Where a request's scope holds what a direct route raised."""

GONE = "shelftalker.gone"
"""Where it holds whether who asked has left."""


def init_app(app: flask.Flask, answers: Mapping[str, Answer]) -> None:
    """Have these endpoints of the app, each with one path and for devices only, answered directly."""
    app.extensions["direct_answers"] = dict(answers)


class DirectRoutes:
    """An ASGI app around the app: the short way where there is one, else a thread of the framework's.

    `begin` is called once the application server is up, in its main thread.
    """

    def __init__(self, app: flask.Flask, *, threads: int, begin: Callable[[], None] = lambda: None) -> None:
        answers: dict[str, Answer] = app.extensions["direct_answers"]
        self._app, self._begin, self._passed_on = app, begin, 0
        self._looking: dict[str, asyncio.Event] = {}
        self._framework = WSGIMiddleware(self._in_thread, workers=threads)  # type: ignore[arg-type]  # its own WSGI types
        self._routes = {
            rule.rule: _Route(app, rule.endpoint, answers[rule.endpoint])
            for rule in app.url_map.iter_rules()
            if rule.endpoint in answers
        }
        worn = {"Content-Type": "application/json", **health.api_headers(app)}
        self._headers = [(name.lower().encode(), value.encode()) for name, value in worn.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a POST to a direct route from a device whose key is remembered; pass on whatever else."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        posted = scope["method"] == "POST"
        route = self._routes.get(scope["path"]) if posted else None
        key = _key(scope) if route else ""
        if route is None or not key:
            await self._pass_on(scope, receive, send)
            return
        if key in self._looking and route.device(key) is None:
            await self._looking[key].wait()
        device = route.device(key)
        if device is None:
            await self._look_up(key, scope, receive, send=send)
        else:
            await self._answer(route, device, scope, receive=receive, send=send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Begin and end with the application server, once the framework's threads have nothing more to hand over.

        The adapter, asked to do this, waits for a second word to end, for ever; and a thread of it waits for ever
        for a loop that ended meanwhile.
        """
        await receive()
        self._begin()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        while self._passed_on:
            await asyncio.sleep(LOOKS_EVERY)
        await send({"type": "lifespan.shutdown.complete"})

    async def _look_up(self, key: str, scope: Scope, receive: Receive, *, send: Send) -> None:
        """Have the app answer, and thereby look the key up; who comes with the same key meanwhile waits for it."""
        looked = self._looking.setdefault(key, asyncio.Event())
        try:
            await self._pass_on(scope, receive, send)
        finally:
            looked.set()
            self._looking.pop(key, None)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        asker = _Asker(receive, send)
        self._passed_on += 1
        try:
            await self._framework({**scope, GONE: asker.gone}, asker.receive, asker.send)  # type: ignore[arg-type]  # as above
        finally:
            self._passed_on -= 1
            asker.look_no_more()

    async def _answer(self, route: _Route, device: Device, scope: Scope, *, receive: Receive, send: Send) -> None:
        try:
            body = await route.answer(device, await _body(receive))
        except Exception as error:
            await self._pass_on({**scope, ERROR: error}, receive, send)
            return
        route.answered.inc()
        headers = [*self._headers, (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _in_thread(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        environ["wsgi.input_terminated"] = True  # a body sent in chunks ends where it ends
        scope: Scope = environ["asgi.scope"]  # put there by the adapter
        error = scope.get(ERROR)
        if error is None:
            return _until(scope[GONE], self._app(environ, start))
        with self._app.request_context(environ):
            told = self._app.make_response(self._app.handle_user_exception(error))
            return self._app.process_response(told)(environ, start)


class _Asker:
    """Who waits for the framework's answer. A stream must end when they leave, and only a read tells that."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self.gone = threading.Event()
        self._looking: asyncio.Task[None] | None = None

    async def receive(self) -> dict[str, Any]:
        return await self._receive()  # the adapter wants a coroutine, the application server gives an awaitable

    async def send(self, message: dict[str, Any]) -> None:
        await self._send(message)
        if message.get("more_body") and self._looking is None:
            self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass  # the rest of a body that nobody wanted
        self.gone.set()

    def look_no_more(self) -> None:
        if self._looking is not None:
            self._looking.cancel()


def _until(gone: threading.Event, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Give the chunks until whom they are for is gone, and close what makes them."""
    try:
        for chunk in chunks:
            if gone.is_set():
                return
            yield chunk
    finally:
        getattr(chunks, "close", lambda: None)()


def _key(scope: Scope) -> str:
    """Return the key a request brings; '' where the app must look at it: no key, or too much to read."""
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"")
    if not length.isdigit() or int(length) > MAX_BODY:
        return ""
    return bearer_of(headers.get(b"authorization", b"").decode("latin-1"))


async def _body(receive: Receive) -> bytes:
    message = await receive()
    parts = [message.get("body", b"")]
    while message.get("more_body"):
        message = await receive()
        parts.append(message.get("body", b""))
    return b"".join(parts)


class _Route:
    """A direct route: who may ask, what answers, and where answers are counted."""

    def __init__(self, app: flask.Flask, endpoint: str, answer: Answer) -> None:
        self._app, self.answer = app, answer
        self._policy = policy_of(app.view_functions[endpoint])
        self.answered = health.answers_of(app).labels(endpoint, 200)

    def device(self, key: str) -> Device | None:
        """Return the device of a key that is remembered, where the route is for it."""
        device = remembered_device(self._app, key)
        return device if device and self._policy and device.kind in self._policy.devices else None
