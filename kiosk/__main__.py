"""`shelftalker-kiosk`: one process that reads tags, keeps taps, serves the screen and speaks to the server."""

from __future__ import annotations

import argparse
import logging
import os
import random
import signal
import sys
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from waitress.server import create_server

from hardware.choose import UnknownReader, open_reader
from hardware.reader import ReaderEvent
from kiosk.agent import Agent
from kiosk.client import Client
from kiosk.desk import Desk
from kiosk.errors import KioskError
from kiosk.given import Surroundings
from kiosk.health import desk_heartbeat, in_words
from kiosk.notify import Notifier, Watch, page_answers
from kiosk.outbox import Outbox
from kiosk.readers import Readers
from kiosk.settings import KioskSettings, from_environment
from kiosk.shelf import ShelfCopy
from kiosk.sync import BEAT_EVERY, Sync
from kiosk.web import create_app, show_machine

log = logging.getLogger("shelftalker.kiosk")

LOOK_EVERY = 10.0
"""Seconds between two looks at ourselves where systemd wants no watchdog fed."""


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def main() -> None:
    """Run until stopped; exit code 2 for a setting that cannot be used."""
    parser = argparse.ArgumentParser(prog="shelftalker-kiosk", description=__doc__)
    parser.add_argument("--desk", action="store_true", help="serve a manager's desk reader instead of a screen")
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        settings = from_environment()
        run_desk(settings, stop) if chosen.desk else run_kiosk(settings, stop)
    except (KioskError, UnknownReader, OSError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)


def run_desk(settings: KioskSettings, stop: threading.Event) -> None:
    """Send what is laid on the desk reader until stopped."""
    desk = Desk(Client(settings.server, settings.key), now=now, luck=os.urandom)
    readers, boot_id = open_readers(settings, desk.listen), str(uuid.uuid4())

    def beat() -> None:
        while not stop.is_set():
            desk.beat(desk_heartbeat(readers.records(), boot_id=boot_id))
            stop.wait(BEAT_EVERY)

    watch = Watch(
        Notifier(settings.notify_socket), {"the readers": readers.moving}, lambda: "A manager's desk reader."
    )
    readers.start()
    threading.Thread(target=beat, name="beat", daemon=True).start()
    look_after(lambda: None, watch, stop, watchdog_seconds=settings.watchdog_seconds)
    readers.stop()


def run_kiosk(settings: KioskSettings, stop: threading.Event) -> None:
    """Run all parts of a kiosk until stopped."""
    given = Surroundings(
        now, time.perf_counter, os.urandom, timedelta(seconds=settings.idle_seconds), settings.language
    )
    outbox = Outbox(settings.state / "outbox.sqlite")
    agent = Agent(
        outbox=outbox,
        shelf=ShelfCopy(settings.state),
        client=Client(settings.server, settings.key),
        given=given,
    )
    readers = open_readers(settings, agent.listen)
    sync = Sync(agent, now=now, chance=random.Random(), boot_id=str(uuid.uuid4()))  # noqa: S311 - spreads waiting
    sync.readers = readers.records
    app = create_app(agent, port=settings.port, secret=os.urandom(16).hex())
    show_machine(app, agent, sync.heartbeat)
    server = create_server(app, host="127.0.0.1", port=settings.port, threads=12)
    threading.Thread(target=server.run, name="page", daemon=True).start()
    threading.Thread(target=agent.run_live, name="live", daemon=True).start()
    readers.start()
    sync.start()
    log.info("the screen is at http://127.0.0.1:%d/", settings.port)
    parts = {
        "the readers": readers.moving,
        "the live answers": agent.live_moving,
        "the page": lambda: page_answers(settings.port),
    }
    watch = Watch(Notifier(settings.notify_socket), parts, lambda: in_words(sync.heartbeat()))
    look_after(agent.tick, watch, stop, watchdog_seconds=settings.watchdog_seconds)
    sync.stop()
    readers.stop()
    agent.stop()
    outbox.close()


def open_readers(settings: KioskSettings, listen: Callable[[ReaderEvent], None]) -> Readers:
    """Return the readers the setting names, not started yet; raises `UnknownReader`."""
    opened = {name: open_reader(name, clock=time.perf_counter, wait=time.sleep) for name in settings.readers}
    return Readers(
        opened,
        listen,
        complain=lambda error: log.error("a tap went wrong: %s", error),
        now=now,
        clock=time.perf_counter,
    )


def look_after(tick: Callable[[], None], watch: Watch, stop: threading.Event, *, watchdog_seconds: float) -> None:
    """Let time pass until stopped, and tell systemd thrice in each of its watchdog's times how we are."""
    every, due = watchdog_seconds / 3 or LOOK_EVERY, 0.0
    while not stop.wait(0.5):
        tick()
        if time.monotonic() >= due:
            due = time.monotonic() + every
            for part in watch.look():
                log.error("%s: no progress; systemd will start the agent anew if that lasts", part)


if __name__ == "__main__":
    main()
