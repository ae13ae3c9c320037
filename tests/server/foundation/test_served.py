"""What the framework needs of the application server reaches it: who asks, bodies, streams and their end."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ports import free_port

SERVE = """
import sys
from granian import Granian
from granian.constants import Interfaces, Loops
Granian("tests.server.foundation.served:application", factory=True, address="127.0.0.1", port=int(sys.argv[1]),
        interface=Interfaces.ASGI, loop=Loops.uvloop, websockets=False, log_enabled=False,
        workers_kill_timeout=5).serve()
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    chosen = free_port()
    settings = {
        "SHELFTALKER_SECRET_KEY": "k" * 32,
        "SHELFTALKER_DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('served') / 'none.sqlite'}",
    }
    top = Path(__file__).parents[3]
    server = subprocess.Popen([sys.executable, "-c", SERVE, str(chosen)], env={**os.environ, **settings}, cwd=top)
    while True:
        try:
            if asked(chosen, "GET", "/healthz").status == 200:
                break
        except OSError:
            assert server.poll() is None
            time.sleep(0.1)
    yield chosen
    server.terminate()
    server.wait(20)


def asked(port: int, method: str, path: str, body: object = None) -> http.client.HTTPResponse:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    line.request(method, path, body)  # type: ignore[arg-type]  # bytes, or an iterator of them sent in chunks
    return line.getresponse()


def test_the_app_hears_who_asks(port: int) -> None:
    assert asked(port, "GET", "/whence").read() == b"127.0.0.1"


def test_a_body_arrives_whole_told_its_length_or_sent_in_chunks(port: int) -> None:
    assert asked(port, "GET", "/upload", b"x" * 200_000).read() == b"200000"
    assert asked(port, "GET", "/upload", iter([b"x" * 70_000, b"y" * 30_000])).read() == b"100000"
    assert asked(port, "GET", "/upload", b"x" * 2_000_000).status == 413


def test_a_flaw_and_a_wrong_path_are_told_in_the_houses_words(port: int) -> None:
    refused = asked(port, "POST", "/api/v1/taps", b"{}")
    assert (refused.status, refused.headers["Content-Type"]) == (401, "application/problem+json")
    assert asked(port, "GET", "/api/v1/nothing").headers["Content-Type"] == "application/problem+json"


def test_a_stream_comes_as_it_is_made_and_ends_when_the_reader_leaves(port: int) -> None:
    for _ in range(3):  # more streams than the server has threads: each must have been given back
        answer = asked(port, "GET", "/stream")
        assert [answer.readline() for _ in range(4)] == [b"data: 0\n", b"\n", b"data: 1\n", b"\n"]
        answer.close()
        deadline = time.monotonic() + 15
        while asked(port, "GET", "/left").read() != b"True":
            assert time.monotonic() < deadline, "the stream goes on with nobody reading it"
