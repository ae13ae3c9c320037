"""The server, put together: a table of contents."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime

from apiflask import APIFlask

from server import health, home, openapi, problems, web
from server.access import guard
from server.access import views as access
from server.calls import views as calls
from server.catalogue import views as catalogue
from server.fleet import views as fleet
from server.settings import ServerSettings
from server.tags import views as tags
from server.taps import views as taps


def create_app(
    settings: ServerSettings, *, now: Callable[[], datetime], luck: Callable[[int], bytes] = os.urandom
) -> APIFlask:
    """Return the app. Nothing is connected: it starts with the database away and heals by itself."""
    app = APIFlask("server", title="Shelftalker", version="1", docs_path=None, spec_path=None, json_errors=False)
    web.init_app(app, settings, now=now, luck=luck)
    problems.init_app(app)
    access.init_app(app)
    health.init_app(app)
    openapi.init_app(app)
    for feature in (catalogue, tags, taps, calls, fleet, home):
        feature.init_app(app)
    guard.refuse_unguarded(app)
    return app
