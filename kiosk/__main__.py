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
from datetime import UTC, datetime, timedelta

from waitress.server import create_server

from hardware.choose import UnknownReader, open_reader
from hardware.supervisor import Supervisor
from kiosk.agent import Agent
from kiosk.client import Client
from kiosk.desk import Desk
from kiosk.errors import KioskError
from kiosk.given import Surroundings
from kiosk.outbox import Outbox
from kiosk.settings import KioskSettings, from_environment
from kiosk.shelf import ShelfCopy
from kiosk.sync import Sync
from kiosk.web import create_app

log = logging.getLogger("shelftalker.kiosk")


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
    reader = open_reader(settings.reader, clock=time.perf_counter, wait=time.sleep)
    supervisor = Supervisor(reader, desk.listen, lambda error: log.error("%s", error), clock=time.perf_counter)
    supervisor.start()
    stop.wait()
    supervisor.stop()


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
    reader = open_reader(settings.reader, clock=time.perf_counter, wait=time.sleep)
    supervisor = Supervisor(
        reader,
        agent.listen,
        lambda error: log.error("a tap went wrong: %s", error),
        clock=time.perf_counter,
    )
    sync = Sync(agent, now=now, chance=random.Random(), boot_id=str(uuid.uuid4()))  # noqa: S311 - spreads waiting
    sync.reader_state = lambda: (supervisor.health.working, supervisor.health.words)
    app = create_app(agent, port=settings.port, secret=os.urandom(16).hex())
    server = create_server(app, host="127.0.0.1", port=settings.port, threads=12)
    threading.Thread(target=server.run, name="page", daemon=True).start()
    threading.Thread(target=agent.run_live, name="live", daemon=True).start()
    supervisor.start()
    sync.start()
    log.info("the screen is at http://127.0.0.1:%d/", settings.port)
    while not stop.wait(0.5):
        agent.tick()
    sync.stop()
    supervisor.stop()
    agent.stop()
    outbox.close()


if __name__ == "__main__":
    main()
