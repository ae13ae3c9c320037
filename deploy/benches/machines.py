"""What benchmarks run on: a furnished shop, the real application server, a PostgreSQL of its own."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from server.db import open_engine
from server.migrations import upgrade
from server.recommendations.training import train
from shop.stock_up import stock_up
from shop.visits import play

GRANIAN = """
import sys
from granian import Granian
from granian.constants import Interfaces, Loops
way = {"loop": Loops.uvloop, "interface": Interfaces.ASGI} if sys.argv[1].startswith("server.") else {
    "interface": Interfaces.WSGI, "blocking_threads": int(sys.argv[3])}
Granian(sys.argv[1], factory=True, address="127.0.0.1", port=int(sys.argv[2]), workers=1,
        websockets=False, log_enabled=False, **way).serve()
"""


def furnish(url: str, media: Path) -> str:
    """Make the demo shop in the database at `url` and return the key of its Madrid kiosk."""
    upgrade(url)
    engine, now = open_engine(url), datetime.now(UTC)
    with Session(engine) as session, session.begin():
        made = stock_up(session, media=media, now=now)
        play(session, now=now)
    with Session(engine) as session, session.begin():
        train(session, now)
    engine.dispose()
    return made.keys["kiosk-madrid"]


@contextmanager
def served(target: str, *, threads: int, **settings: str) -> Iterator[str]:
    """Serve an application factory with granian (one worker) and give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "SHELFTALKER_SECRET_KEY": secrets.token_hex(32)}
    environment |= {f"SHELFTALKER_{name}": value for name, value in settings.items()}
    command = [sys.executable, "-c", GRANIAN, target, str(port), str(threads)]
    child = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _await(f"{address}/healthz")
        yield address
    finally:
        child.terminate()
        child.wait(10)


def _await(address: str) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=1):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.1)
    msg = f"{address} did not answer"
    raise RuntimeError(msg)
