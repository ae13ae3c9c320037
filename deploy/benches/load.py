"""Load on an address from a process of its own: answers a second, and how long each took (used by `tap`)."""

from __future__ import annotations

import json
import random
import selectors
import socket
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from uuid import UUID

from server.wire import uuid7

PREPARED_A_SECOND = 12_000
"""Taps made before the clock starts, so that the machine's cores are the server's while it runs."""

EPOCH = UUID(int=5, version=4)


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent: whose key, which tags, over how many connections, how long; `batch` 0 for single taps."""

    key: str
    uids: Sequence[str]
    connections: int
    seconds: float
    batch: int = 0


@dataclass(slots=True)
class Measured:
    """Seconds each answer took, and the ids of taps promised; what failed is counted."""

    seconds: float
    times: list[float] = field(default_factory=list)
    promised: set[str] = field(default_factory=set)
    failed: int = 0

    @property
    def per_second(self) -> float:
        """Return answers a second."""
        return len(self.times) / self.seconds

    def percentile(self, percent: int) -> float:
        """Return the milliseconds within which so many percent were answered."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1000 if ordered else 0.0


def measure(address: str, load: Load) -> Measured:
    """Send fresh taps from another process, each connection waiting for its answer before the next."""
    with ProcessPoolExecutor(max_workers=1) as aside:
        return aside.submit(_drive, address, load).result()


@dataclass(slots=True)
class _Line:
    """A connection and what it waits for."""

    socket: socket.socket
    ids: list[str] = field(default_factory=list)
    sent_at: float = 0.0


def _drive(address: str, load: Load) -> Measured:
    host, port = address.removeprefix("http://").split(":")
    made = _requests(load, host)
    ready = deque(islice(made, int(PREPARED_A_SECOND * load.seconds / max(load.batch, 1))))
    waiting, measured = selectors.DefaultSelector(), Measured(load.seconds)
    end = time.perf_counter() + load.seconds
    for _ in range(load.connections):
        line = _Line(socket.create_connection((host, int(port)), timeout=10))
        waiting.register(line.socket, selectors.EVENT_READ, line)
        _send(line, ready, made)
    while waiting.get_map():
        for key, _ in waiting.select(10):
            _take(key.data, measured)
            if time.perf_counter() < end:
                _send(key.data, ready, made)
            else:
                waiting.unregister(key.data.socket)
                key.data.socket.close()
    return measured


def _send(line: _Line, ready: deque[tuple[list[str], bytes]], made: Iterator[tuple[list[str], bytes]]) -> None:
    line.ids, request = ready.popleft() if ready else next(made)
    line.sent_at = time.perf_counter()
    line.socket.sendall(request)


def _take(line: _Line, measured: Measured) -> None:
    answer = line.socket.recv(65_536)
    while not _whole(answer):
        answer += line.socket.recv(65_536)
    measured.times.append(time.perf_counter() - line.sent_at)
    if not answer.startswith(b"HTTP/1.1 200"):
        measured.failed += 1
    elif len(line.ids) == 1:
        measured.promised.add(line.ids[0])
    else:
        measured.promised.update(json.loads(answer.partition(b"\r\n\r\n")[2]).get("accepted", ()))


def _whole(answer: bytes) -> bool:
    head, blank, body = answer.partition(b"\r\n\r\n")
    if not blank:
        return False
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    return len(body) >= int(length)


def _requests(load: Load, host: str) -> Iterator[tuple[list[str], bytes]]:
    head = (
        f"POST /api/v1/taps{'/batch' if load.batch else ''} HTTP/1.1\r\nHost: {host}\r\n"
        f"Authorization: Bearer {load.key}\r\nContent-Type: application/json\r\nContent-Length: "
    )
    taps = _taps(load.uids)
    while True:
        some = list(islice(taps, load.batch or 1))
        body = json.dumps({"taps": some} if load.batch else some[0])
        yield [str(tap["tap_id"]) for tap in some], f"{head}{len(body)}\r\n\r\n{body}".encode()


def _taps(uids: Sequence[str]) -> Iterator[dict[str, object]]:
    luck = random.Random()
    while True:
        visit = str(UUID(int=luck.getrandbits(128), version=4))
        for seq in range(luck.randint(1, 7)):
            now = datetime.now(UTC)
            yield {
                "tap_id": str(uuid7(now, luck.randbytes(10))),
                "visit_id": visit,
                "occurred_at": now.isoformat(),
                "epoch": str(EPOCH),
                "seq": seq,
                "uid": luck.choice(uids),
            }
