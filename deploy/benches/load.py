"""Load on an address from a process of its own: answers a second, and how long each took (used by `tap`)."""

from __future__ import annotations

import http.client
import json
import multiprocessing
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from server.wire import uuid7


@dataclass(frozen=True, slots=True)
class Measured:
    """Requests a second, milliseconds at p50 and p99, and the tap ids promised and refused."""

    per_second: float
    p50: float
    p99: float
    promised: frozenset[str]
    failed: int


def measure(
    address: str, key: str, uids: list[str], *, connections: int, seconds: float, batch: int = 0
) -> Measured:
    """Send fresh taps over so many connections from threads of one other process; single, or in batches."""
    queue: multiprocessing.Queue[tuple[list[float], list[str], int]] = multiprocessing.Queue()
    worker = multiprocessing.Process(
        target=_drive, args=(address, key, uids, connections, seconds, batch, queue), daemon=True
    )
    worker.start()
    times, promised, failed = queue.get()
    worker.join()
    times.sort()
    count = len(times)
    return Measured(
        per_second=count / seconds,
        p50=times[count // 2] * 1000 if count else 0.0,
        p99=times[min(count - 1, count * 99 // 100)] * 1000 if count else 0.0,
        promised=frozenset(promised),
        failed=failed,
    )


def _drive(
    address: str,
    key: str,
    uids: list[str],
    connections: int,
    seconds: float,
    batch: int,
    queue: multiprocessing.Queue[tuple[list[float], list[str], int]],
) -> None:
    times: list[float] = []
    promised: list[str] = []
    failures: list[int] = []
    end = time.perf_counter() + seconds

    def one(number: int) -> None:
        host = address.removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=10)
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        sequence = number * 10_000_000
        while time.perf_counter() < end:
            bodies = []
            for _ in range(batch or 1):
                sequence += 1
                bodies.append(_tap(uids[sequence % len(uids)], sequence))
            path, body = (
                ("/api/v1/taps/batch", json.dumps({"taps": bodies}))
                if batch
                else ("/api/v1/taps", json.dumps(bodies[0]))
            )
            began = time.perf_counter()
            try:
                connection.request("POST", path, body, headers)
                answer = connection.getresponse()
                content = answer.read()
            except OSError:
                failures.append(1)
                connection = http.client.HTTPConnection(host, timeout=10)
                continue
            times.append(time.perf_counter() - began)
            if answer.status != 200:
                failures.append(1)
            elif batch:
                promised.extend(json.loads(content)["accepted"])
            else:
                promised.append(bodies[0]["tap_id"])

    threads = [threading.Thread(target=one, args=(n,)) for n in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.put((times, promised, len(failures)))


EPOCH = str(UUID(int=5, version=4))


def _tap(uid: str, sequence: int) -> dict[str, object]:
    now = datetime.now(UTC)
    return {
        "tap_id": str(uuid7(now, secrets.token_bytes(10))),
        "visit_id": str(UUID(int=sequence // 4 + 1, version=4)),
        "occurred_at": now.isoformat(),
        "epoch": EPOCH,
        "seq": sequence,
        "uid": uid,
    }
