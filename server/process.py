"""Where a server process starts: the settings are read, the clock is bound, the app is made."""

from __future__ import annotations

import atexit
import gc
import logging
import signal
import threading
from datetime import UTC, datetime
from types import FrameType

from server.app import create_app
from server.direct import DirectRoutes
from server.settings import from_environment
from server.web import House

LOOKED_AT_ONCE = 20_000
"""Python's own 700 are less than one group of taps makes: it would look several times at what is not over yet."""

AGAIN, AT_ALL = 2, 40
"""What stayed is looked at again every third time, and all there is every forty-first of those: Python's own 10
and 10 would stop every answer for longer, as seldom."""

STOPS = (signal.SIGINT, signal.SIGTERM)


def application() -> DirectRoutes:
    """Return the app of this process (ASGI), for the application server."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)r")
    settings = from_environment()
    app = create_app(settings, now=lambda: datetime.now(UTC))
    desk = app.extensions["tap_desk"]
    desk.suggester.start(then=leave_alone_what_stays)
    desk.shown.start()
    atexit.register(desk.shown.flush)
    house: House = app.extensions["house"]
    return DirectRoutes(app, threads=settings.threads, begin=lambda: hear_stop(house.stopping))


def hear_stop(told: threading.Event) -> None:
    """Set the event at the signals that stop the process, besides what they do already; in the main thread only.

    The application server drains its requests at these signals and tells the app afterwards, which is too late for
    a request that waits for the end. An event loop hears of a signal whatever stands here.
    """
    for number in STOPS:
        before = signal.getsignal(number)

        def hear(signum: int, frame: FrameType | None, before: object = before) -> None:
            told.set()
            if callable(before):
                before(signum, frame)

        signal.signal(number, hear)


def leave_alone_what_stays() -> None:
    """Have the garbage collector never again look at what is there by now: modules, routes, the compiled model.

    It is most of what a process ever holds, and a look at all of it, every few seconds under load, stops every
    answer for a fifth of a second. At what comes after it looks once in `LOOKED_AT_ONCE` objects that stay.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(LOOKED_AT_ONCE, AGAIN, AT_ALL)
