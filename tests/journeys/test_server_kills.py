"""The server and its workers are killed again and again under load; what was promised is stored, once."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.timeline.models import Event
from server.wire import uuid7
from tests.ports import free_port
from tests.shopfloor import KEYS, UIDS, furnish, tap

KILLS = 10
SERVE = [sys.executable, "-c", "from server.cli import main; main()", "serve", "--port"]


@dataclass(slots=True)
class Crowd:
    """Shoppers who tap without end, each tap sent again until it is answered."""

    address: str
    promised: set[UUID] = field(default_factory=set)
    resent: list[UUID] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)

    def tap_on(self, number: int) -> None:
        while not self.gone.is_set():
            tap_id = uuid7(datetime.now(UTC), secrets.token_bytes(10))
            visit = str(UUID(int=number, version=4))
            body = tap(number, UIDS["boot"]) | {"tap_id": str(tap_id), "visit_id": visit}
            while not send(self.address, body):
                self.resent.append(tap_id)
                time.sleep(0.05)
            self.promised.add(tap_id)

    def wait_for_more(self, server: subprocess.Popen[bytes], count: int = 20) -> None:
        before = len(self.promised)
        while len(self.promised) < before + count:
            assert server.poll() is None, "the server gave up"
            time.sleep(0.02)


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


@contextmanager
def crowd(address: str) -> Iterator[Crowd]:
    """Let shoppers in, and in the end let each have the answer to their last tap."""
    shoppers = Crowd(address)
    threads = [threading.Thread(target=shoppers.tap_on, args=(n,), daemon=True) for n in range(1, 5)]
    for thread in threads:
        thread.start()
    try:
        yield shoppers
    finally:
        shoppers.gone.set()
        for thread in threads:
            thread.join(30)


@pytest.fixture
def start(database_url: str, engine: Engine, tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts `shelftalker serve` with two workers; what still runs in the end is killed."""
    with Session(engine) as session:
        furnish(session)
    port = free_port()
    settings = {"DATABASE_URL": database_url, "MEDIA_DIR": str(tmp_path), "SECURE_COOKIES": "0", "WORKERS": "2"}
    environment = {**os.environ, "SHELFTALKER_SECRET_KEY": "k" * 32}
    environment |= {f"SHELFTALKER_{name}": value for name, value in settings.items()}
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        command = [*SERVE, str(port)]
        started.append(
            subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
        )
        return started[-1]

    begin.address = f"http://127.0.0.1:{port}"  # type: ignore[attr-defined]  # told to the crowd
    yield begin
    for server in started:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(10)


def workers_of(server: subprocess.Popen[bytes]) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]


def assert_kept(engine: Engine, shoppers: Crowd) -> None:
    with Session(engine) as session:
        stored = list(session.scalars(select(Event.id)))
    assert shoppers.resent, "no kill hit a tap on its way: this run proves too little"
    assert shoppers.promised <= set(stored)
    assert len(stored) == len(set(stored))


@pytest.mark.timeout(240)
def test_what_was_promised_is_stored_once_however_often_the_server_dies(
    start: Callable[[], subprocess.Popen[bytes]], engine: Engine
) -> None:
    with crowd(start.address) as shoppers:  # type: ignore[attr-defined]  # as above
        for _ in range(KILLS):
            server = start()
            shoppers.wait_for_more(server)
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(10)
        start()
    assert_kept(engine, shoppers)


@pytest.mark.timeout(240)
def test_workers_that_are_killed_are_replaced_however_often_and_nothing_promised_is_lost(
    start: Callable[[], subprocess.Popen[bytes]], engine: Engine
) -> None:
    server = start()
    killed: set[int] = set()
    with crowd(start.address) as shoppers:  # type: ignore[attr-defined]  # as above
        while len(killed) < KILLS:
            shoppers.wait_for_more(server)
            for pid in workers_of(server):  # both at once: the second falls while the first is being replaced
                os.kill(pid, signal.SIGKILL)
                killed.add(pid)
        shoppers.wait_for_more(server)
    assert_kept(engine, shoppers)
    server.terminate()
    assert server.wait(40) == 0
