"""Where a server process starts: the settings are read, the clock is bound, the app is made."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime

from flask import Flask

from server.app import create_app
from server.settings import from_environment

SWITCH_SECONDS = 0.0005
"""The writer of the timeline gives the interpreter up at each statement; with Python's usual 5 ms it would
wait that long to get it back, every time, while busy request threads hold it."""


def application() -> Flask:
    """Return the app of this process, for the application server."""
    sys.setswitchinterval(SWITCH_SECONDS)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)r")
    return create_app(from_environment(), now=lambda: datetime.now(UTC))
