"""Where a server process starts: the settings are read, the clock is bound, the app is made."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from flask import Flask

from server.app import create_app
from server.settings import from_environment


def application() -> Flask:
    """Return the app of this process, for the application server."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)r")
    return create_app(from_environment(), now=lambda: datetime.now(UTC))
