"""Where a server process starts: the settings are read, the clock is bound, the app is made."""

from __future__ import annotations

import atexit
import logging
from datetime import UTC, datetime

from server.app import create_app
from server.direct import DirectRoutes
from server.settings import from_environment


def application() -> DirectRoutes:
    """Return the app of this process (ASGI), for the application server."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)r")
    settings = from_environment()
    app = create_app(settings, now=lambda: datetime.now(UTC))
    desk = app.extensions["tap_desk"]
    desk.suggester.start()
    desk.shown.start()
    atexit.register(desk.shown.flush)
    return DirectRoutes(app, threads=settings.threads)
