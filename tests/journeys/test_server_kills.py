"""The whole server is killed again and again under load; what was promised is stored, once."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from benches.machines import GRANIAN
from server.timeline.models import Event
from server.wire import uuid7
from tests.shopfloor import KEYS, UIDS, furnish, tap

KILLS = 10


def start(port: int, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "SHELFTALKER_SECRET_KEY": "k" * 32}
    environment |= {f"SHELFTALKER_{name}": value for name, value in settings.items()}
    command = [sys.executable, "-c", GRANIAN, "server.process:application", str(port), "8"]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)


def send(address: str, body: dict[str, object]) -> bool:
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{address}/api/v1/taps",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {KEYS['kiosk']}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - our own address
            return json.load(answer)["tap_id"] == body["tap_id"]
    except (urllib.error.URLError, OSError, ValueError):
        return False


@pytest.mark.timeout(120)
def test_what_was_promised_is_stored_once_however_often_the_server_dies(
    database_url: str, engine: Engine, tmp_path: Path
) -> None:
    with Session(engine) as session:
        furnish(session)
    promised: set[UUID] = set()
    resent: list[UUID] = []
    stop = threading.Event()

    def shopper(number: int, address: str) -> None:
        while not stop.is_set():
            tap_id = uuid7(datetime.now(UTC), secrets.token_bytes(10))
            body = tap(number, UIDS["boot"]) | {
                "tap_id": str(tap_id),
                "visit_id": str(UUID(int=number, version=4)),
            }
            while not send(address, body):
                resent.append(tap_id)
                time.sleep(0.05)
            promised.add(tap_id)

    settings = {"DATABASE_URL": database_url, "MEDIA_DIR": str(tmp_path), "SECURE_COOKIES": "0"}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    threads = [threading.Thread(target=shopper, args=(n, address)) for n in range(1, 5)]
    for thread in threads:
        thread.start()
    for _ in range(KILLS):
        server = start(port, settings)
        before = len(promised)
        while len(promised) < before + 20:
            time.sleep(0.02)
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(10)
    stop.set()
    last = start(port, settings)
    for thread in threads:
        thread.join(30)
    os.killpg(last.pid, signal.SIGTERM)
    last.wait(10)
    with Session(engine) as session:
        stored = list(session.scalars(select(Event.id)))
    assert resent, "no kill hit a tap on its way: this run proves too little"
    assert promised <= set(stored)
    assert len(stored) == len(set(stored))
