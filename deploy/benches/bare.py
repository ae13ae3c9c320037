"""A Flask route that does nothing: what the application server itself can do (used by `tap`, not run alone)."""

from __future__ import annotations

from flask import Flask, Response, request


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
