"""A server that is told to stop ends what is open and goes by itself: nothing is cut off, none must be killed."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.timeline.sources.models import Right
from server.timeline.sources.queries import add_source
from tests.clock import NOW
from tests.ports import free_port

SERVE = [sys.executable, "-c", "from server.cli import main; main()", "serve", "--port"]


@pytest.fixture
def server(database_url: str, engine: Engine, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with Session(engine) as session:
        add_source(session, "crm", channel="crm", store_id=None, rights=[Right.READ], key="rk_crm", now=NOW)
        session.commit()
    port = free_port()
    settings = {"DATABASE_URL": database_url, "MEDIA_DIR": str(tmp_path), "SECURE_COOKIES": "0", "WORKERS": "1"}
    environment = {**os.environ, "SHELFTALKER_SECRET_KEY": "k" * 32}
    environment |= {f"SHELFTALKER_{name}": value for name, value in settings.items()}
    started = subprocess.Popen(
        [*SERVE, str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    while True:
        try:
            if asked(port, "/healthz").status == 200:
                break
        except OSError:
            assert started.poll() is None
            time.sleep(0.1)
    yield started, port
    if started.poll() is None:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait(10)


def asked(port: int, path: str) -> http.client.HTTPResponse:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", path, headers={"Authorization": "Bearer rk_crm"})
    return line.getresponse()


def test_open_streams_end_whole_and_no_worker_has_to_be_killed(server: tuple[subprocess.Popen[str], int]) -> None:
    process, port = server
    streams = [asked(port, "/api/v1/timeline/stream") for _ in range(3)]
    assert [stream.readline() for stream in streams] == [b"retry: 500\n"] * 3
    rest: list[bytes] = []
    readers = [threading.Thread(target=lambda stream=stream: rest.append(stream.read())) for stream in streams]
    for reader in readers:
        reader.start()
    process.send_signal(signal.SIGTERM)
    for reader in readers:
        reader.join(60)
    assert len(rest) == 3, "a stream was cut off: http.client tells that of a body without an end"
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Killing" not in said, said
