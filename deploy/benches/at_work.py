"""The application server at work in processes of its own, which can be told to stand still."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

GRANIAN = """
import sys
from granian import Granian
from granian.constants import Interfaces, Loops
ways = {
    "benches.bare:application": {"interface": Interfaces.WSGI, "blocking_threads": int(sys.argv[3])},
    "benches.bare:as_served": {"interface": Interfaces.ASGINL, "loop": Loops.uvloop},
}
way = ways.get(sys.argv[1], {"interface": Interfaces.ASGI, "loop": Loops.uvloop})
Granian(sys.argv[1], factory=True, address="127.0.0.1", port=int(sys.argv[2]), workers=1,
        websockets=False, log_enabled=False, **way).serve()
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A server: where it answers, and the process that leads its group."""

    address: str
    leader: int

    @contextmanager
    def stands_still(self) -> Iterator[None]:
        """Have it do nothing at all for a while, not even what it does behind the scenes."""
        os.killpg(self.leader, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.leader, signal.SIGCONT)


@contextmanager
def at_work(target: str, *, threads: int, **settings: str) -> Iterator[Server]:
    """Serve an application factory with granian (one worker), and give the server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "SHELFTALKER_SECRET_KEY": secrets.token_hex(32)}
    environment |= {f"SHELFTALKER_{name}": value for name, value in settings.items()}
    command = [sys.executable, "-c", GRANIAN, target, str(port), str(threads)]
    child = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        _await(f"{address}/healthz")
        yield Server(address, child.pid)
    finally:
        child.terminate()
        child.wait(60)


def _await(address: str) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=1):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.1)
    msg = f"{address} did not answer"
    raise RuntimeError(msg)
