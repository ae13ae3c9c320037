"""A Flask route that does nothing: what the application server itself can do (used by `tap`, not run alone)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from a2wsgi import WSGIMiddleware
from flask import Flask, Response, request

Served = Callable[[Any, Any, Any], Awaitable[None]]


def application() -> Flask:
    """Return an app whose one route reads the body and answers a little JSON."""
    app = Flask("bare")

    @app.post("/api/v1/taps")
    def nothing() -> Response:
        request.get_data()
        return Response(b'{"stored":"accepted"}', mimetype="application/json")

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    return app


def as_served() -> Served:
    """Return it served the way the house serves whatever is no direct route: in threads beside an event loop."""
    in_threads = WSGIMiddleware(application(), workers=32)  # type: ignore[arg-type]  # its own WSGI types

    async def served(scope: Any, receive: Any, send: Any) -> None:
        async def received() -> Any:
            return await receive()  # the adapter wants a coroutine

        await in_threads(scope, received, send)

    return served
