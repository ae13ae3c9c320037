"""Load on an address from a process of its own: answers a second, and how long each took (used by `tap`)."""

from __future__ import annotations

import json
import selectors
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from math import ceil

from benches.visiting import Load, Request, requests

PREPARED_A_SECOND = 9_000
"""Taps made before the clock starts, so that the machine's cores are the server's while it runs."""


@dataclass(slots=True)
class Measured:
    """Seconds each answer took, and the ids of taps promised; what failed is counted.

    `client`, `server` and `database` are the seconds of processor time that each spent.
    """

    seconds: float
    client: float = 0.0
    server: float = 0.0
    database: float = 0.0
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


def until_it_suggests(address: str, load: Load) -> None:
    """Send taps until an answer comes from the model, which a server takes up once it has started."""
    host, port = address.removeprefix("http://").split(":")
    for _, request in islice(requests(load, host), 600):
        with socket.create_connection((host, int(port)), timeout=10) as line:
            line.sendall(request)
            answer = line.recv(65_536)
            while not _whole(answer):
                answer += line.recv(65_536)
        told = json.loads(answer.partition(b"\r\n\r\n")[2])
        if told.get("goes_with") and not told["degraded"]:
            return
        time.sleep(0.1)


@dataclass(slots=True)
class _Line:
    """A connection and what it waits for."""

    socket: socket.socket
    requests: Iterator[Request]
    ids: list[str] = field(default_factory=list)
    sent_at: float = 0.0


def _drive(address: str, load: Load) -> Measured:
    host, port = address.removeprefix("http://").split(":")
    each = ceil(PREPARED_A_SECOND * load.seconds / max(load.batch, 1) / load.connections)
    own = [load if load.seed is None else replace(load, seed=load.seed + n) for n in range(load.connections)]
    prepared = [_prepared(requests(one, host), each) for one in own]
    waiting, measured = selectors.DefaultSelector(), Measured(load.seconds)
    end, began = time.perf_counter() + load.seconds, time.process_time()
    for made in prepared:
        line = _Line(socket.create_connection((host, int(port)), timeout=10), made)
        waiting.register(line.socket, selectors.EVENT_READ, line)
        _send(line)
    while waiting.get_map():
        for key, _ in waiting.select(10):
            _take(key.data, measured)
            if time.perf_counter() < end:
                _send(key.data)
            else:
                waiting.unregister(key.data.socket)
                key.data.socket.close()
    measured.client = time.process_time() - began
    return measured


def _prepared(made: Iterator[Request], count: int) -> Iterator[Request]:
    return chain(list(islice(made, count)), made)


def _send(line: _Line) -> None:
    line.ids, request = next(line.requests)
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
