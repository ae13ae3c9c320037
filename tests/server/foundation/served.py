"""The app with a few routes more, for the application server to run (used by `test_served`)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

import flask

from server.access.guard import open_to_all
from server.app import create_app
from server.direct import DirectRoutes
from server.settings import from_environment

left = threading.Event()


def application() -> DirectRoutes:
    """Return what the application server runs."""
    app = create_app(from_environment(), now=lambda: datetime.now(UTC))
    for path, view in (("/whence", whence), ("/upload", upload), ("/stream", stream), ("/left", has_left)):
        app.add_url_rule(path, view_func=open_to_all("a test")(view), methods=["GET", "POST"])
    return DirectRoutes(app, threads=2)


def whence() -> str:
    return str(flask.request.remote_addr)


def upload() -> str:
    return str(len(flask.request.get_data()))


def stream() -> flask.Response:
    left.clear()
    return flask.Response(_numbers(), mimetype="text/event-stream")


def _numbers() -> Iterator[str]:
    try:
        for number in count():
            yield f"data: {number}\n\n"
            threading.Event().wait(0.02)
    finally:
        left.set()


def has_left() -> str:
    return str(left.wait(0.1))
