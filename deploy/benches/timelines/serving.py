"""Over HTTP: what the server stores, and how soon an event is on its timeline and its stream."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

from benches.machines import served
from benches.timelines.messages import KEY, NUMBERS, Asker, Figures, message, percentiles

OVER = "the last one"
"""The message after which nobody listens to the stream any more."""


def answered(name: str, url: str, seconds: float) -> Figures:
    """Measure over HTTP: what the server stores, and how soon an event is on its timeline and its stream."""
    settings = {"DATABASE_URL": url, "SECURE_COOKIES": "0"}
    with served("server.process:application", threads=32, **settings) as address:
        streamed = _seen_on_stream(address)  # first: that its reader has left shows while others write
        many = _load(address, connections=4, size=100, seconds=seconds)
        one = _load(address, connections=16, size=1, seconds=seconds)
        return {
            f"{name} HTTP, batches of 100": {"events/s": many},
            f"{name} HTTP, single": {"events/s": one},
            f"{name} seen on the timeline": percentiles(_seen_on_timeline(address)),
            f"{name} seen on the stream": percentiles(streamed),
        }


def _load(address: str, *, connections: int, size: int, seconds: float) -> float:
    stored: list[int] = []
    end = time.perf_counter() + seconds

    def send() -> None:
        ask, mine = Asker(address), 0
        while time.perf_counter() < end:
            mine += ask("POST", "/v1/batch", {"batch": [message(next(NUMBERS)) for _ in range(size)]})["accepted"]
        stored.append(mine)

    threads = [threading.Thread(target=send) for _ in range(connections)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(stored) / (time.perf_counter() - began)


def _seen_on_timeline(address: str) -> list[float]:
    ask, waits = Asker(address), []
    for number in range(100):
        began = time.perf_counter()
        ask("POST", "/v1/track", {**message(next(NUMBERS)), "userId": f"seen-{number}"})
        while not ask("GET", f"/api/v1/timeline/users/seen-{number}")["events"]:
            pass
        waits.append(time.perf_counter() - began)
    return waits


def _seen_on_stream(address: str) -> list[float]:
    ask, waits = Asker(address), []
    with stream(address) as seen:
        for number in range(100):
            came = seen[f"streamed-{number}"] = threading.Event()
            began = time.perf_counter()
            ask("POST", "/v1/track", {**message(0), "messageId": f"streamed-{number}"})
            came.wait(10)
            waits.append(time.perf_counter() - began)
    return waits


@contextmanager
def stream(address: str) -> Iterator[dict[str, threading.Event]]:
    """Give a place to wait for events, by id or message id; each is told of once it is on the stream."""
    parts, seen = urlsplit(address), dict[str, threading.Event]()
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    connection.request("GET", "/api/v1/timeline/stream", headers={"X-Write-Key": KEY})
    answer = connection.getresponse()
    answer.readline()

    def listen() -> None:
        names: set[str] = set()
        while OVER not in names:
            line = answer.readline()
            told = json.loads(line[6:]) if line.startswith(b"data: {") else {}
            names = {told.get("id"), told.get("message_id")}
            for name in names & seen.keys():
                seen[name].set()

    thread = threading.Thread(target=listen)
    thread.start()
    yield seen
    Asker(address)("POST", "/v1/track", {**message(0), "messageId": OVER})
    thread.join()
    answer.close()  # else the connection stays open, and the server waits for its stream to end
    connection.close()
