"""Events a second with counts and outbox, how soon one is seen, a customer's last 50 as the timeline grows."""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from benches.machines import served
from server.db import open_engine
from server.migrations import upgrade
from server.timeline.group_commit import Writer
from server.timeline.models import Event
from server.timeline.reading.asked import Filter, Whose
from server.timeline.reading.queries import newest_first
from server.timeline.recording import Entry
from server.timeline.rules.messages import Sending, event_row
from server.timeline.sources.models import Right
from server.timeline.sources.queries import add_source
from server.timeline.sources.rules import KnownSource
from server.timeline.taking.bodies import read_body
from server.timeline.taking.take import take
from tests.postgres import NoPostgres, cluster

KEY = "wk_bench"
RIGHTS = [Right.WRITE, Right.READ]
Figures = dict[str, dict[str, float]]


def main(arguments: list[str]) -> int:
    """Print the figures; exit 1 where a figure could not be taken from what was truly stored."""
    parser = argparse.ArgumentParser(prog="deploy/bench timeline")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--growth", default="20000,400000", help="timelines to read from, the small one first")
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    chosen = parser.parse_args(arguments)
    sizes = [int(size) for size in chosen.growth.split(",")]
    figures: Figures = {}
    with tempfile.TemporaryDirectory(prefix="shelftalker-") as folder:
        for name, fresh in _databases(Path(folder), chosen.only):
            figures |= _written(name, fresh("written"), chosen.seconds)
            figures |= _served(name, fresh("served"), chosen.seconds)
            figures |= _read(name, [fresh(f"grown{size}") for size in sizes], sizes)
    if chosen.json:
        print(json.dumps(figures))
    else:
        for name, figure in figures.items():
            print(f"{name:32}" + "  ".join(f"{what} {value:,.2f}" for what, value in figure.items()))
    return 0


def _databases(folder: Path, only: str | None) -> Iterator[tuple[str, Callable[[str], str]]]:
    """Yield each engine's name, and what makes a fresh database with a source on it and gives its address."""
    if only != "postgres":
        yield "sqlite", lambda name: _ready(f"sqlite:///{folder / name}.sqlite")
    if only == "sqlite":
        return
    try:
        with cluster(folder / "postgres", durable=True) as running:
            admin = create_engine(running.url("postgres"), isolation_level="AUTOCOMMIT")

            def fresh(name: str) -> str:
                with admin.connect() as connection:
                    connection.execute(text(f"CREATE DATABASE {name}"))
                return _ready(running.url(name))

            yield "postgres", fresh
            admin.dispose()
    except NoPostgres as missing:
        print(missing)


def _ready(url: str) -> str:
    upgrade(url)
    engine = open_engine(url)
    with Session(engine) as session, session.begin():
        add_source(session, "bench", channel="web", store_id=None, rights=RIGHTS, key=KEY, now=datetime.now(UTC))
    engine.dispose()
    return url


def _message(number: int) -> dict[str, Any]:
    properties = {"product_id": f"p{number % 500}", "name": "Rain jacket", "price": 89.0, "currency": "EUR"}
    context = {
        "library": {"name": "analytics-python", "version": "2.4.0"},
        "page": {"url": "https://shop.example/p"},
    }
    return {
        **{
            "type": "track",
            "event": "Product Viewed",
            "messageId": f"bench-{number}",
            "anonymousId": f"a{number % 900}",
        },
        **{"userId": f"u{number % 300}", "timestamp": datetime.now(UTC).isoformat()},
        **{"properties": properties, "context": context},
    }


def _written(name: str, url: str, seconds: float) -> Figures:
    """Measure what one thread stores, from the bytes of a body to the commit, by the wall and by its own CPU."""
    engine = open_engine(url)
    writer, numbers = Writer(engine), count()
    source = KnownSource("bench", "web", None, frozenset(RIGHTS))
    figures: Figures = {}
    for what, size in (("single", 1), ("batch of 100", 100)):
        bodies = [
            json.dumps([_message(next(numbers)) for _ in range(size)]).encode() for _ in range(40_000 // size)
        ]
        cpu, wall, stored = time.process_time(), time.perf_counter(), 0
        for body in bodies:
            sending = Sending(source, datetime.now(UTC), None)
            taken = take(read_body(body), sending, _row, writer=writer, engine=engine, strict=False)
            stored += taken.accepted
            if time.perf_counter() - wall > seconds:
                break
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        figures[f"{name} {what}"] = {"events/s, one thread": stored / wall, "events per CPU second": stored / cpu}
    _check(engine, figures)
    engine.dispose()
    return figures


def _check(engine: Any, figures: Figures) -> None:
    """Make sure that what was measured was stored, counted and put out."""
    asked = (
        "SELECT count(*) FROM event",
        "SELECT sum(events) FROM event_hour",
        "SELECT count(*) FROM event_outbox",
    )
    with engine.connect() as connection:
        events, counted, out = (int(connection.execute(text(one)).scalar() or 0) for one in asked)
    if not events == counted == out or not events:
        msg = (
            f"{events} events, {counted} counted, {out} put out: the figures {figures} would be of something else"
        )
        raise SystemExit(msg)


def _row(message: Any, sending: Sending, index: int) -> dict[str, Any]:
    return event_row(message, sending, index=index)


def _served(name: str, url: str, seconds: float) -> Figures:
    """Measure over HTTP: what the server stores, and how soon an event is on its timeline and its stream."""
    settings = {"DATABASE_URL": url, "SECURE_COOKIES": "0"}
    with served("server.process:application", threads=32, **settings) as address:
        streamed = _seen_on_stream(address)  # first: that its reader has left shows while others write
        many = _load(address, connections=4, size=100, seconds=seconds)
        one = _load(address, connections=16, size=1, seconds=seconds)
        return {
            f"{name} HTTP, batches of 100": {"events/s": many},
            f"{name} HTTP, single": {"events/s": one},
            f"{name} seen on the timeline": _percentiles(_seen_on_timeline(address)),
            f"{name} seen on the stream": _percentiles(streamed),
        }


class _Asker:
    """A connection kept open."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)

    def __call__(self, method: str, path: str, body: object = None) -> Any:
        told = json.dumps(body).encode() if body is not None else None
        self._connection.request(method, path, told, {"X-Write-Key": KEY})
        answer = self._connection.getresponse()
        found = json.loads(answer.read())
        if answer.status != 200:
            raise SystemExit(found)
        return found


_NUMBERS = count(10**7)
OVER = "the last one"
"""The message after which nobody listens to the stream any more."""


def _load(address: str, *, connections: int, size: int, seconds: float) -> float:
    stored: list[int] = []
    end = time.perf_counter() + seconds

    def send() -> None:
        ask, mine = _Asker(address), 0
        while time.perf_counter() < end:
            mine += ask("POST", "/v1/batch", {"batch": [_message(next(_NUMBERS)) for _ in range(size)]})[
                "accepted"
            ]
        stored.append(mine)

    threads = [threading.Thread(target=send) for _ in range(connections)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(stored) / (time.perf_counter() - began)


def _seen_on_timeline(address: str) -> list[float]:
    ask, waits = _Asker(address), []
    for number in range(100):
        began = time.perf_counter()
        ask("POST", "/v1/track", {**_message(next(_NUMBERS)), "userId": f"seen-{number}"})
        while not ask("GET", f"/api/v1/timeline/users/seen-{number}")["events"]:
            pass
        waits.append(time.perf_counter() - began)
    return waits


def _seen_on_stream(address: str) -> list[float]:
    ask, waits = _Asker(address), []
    with _stream(address) as seen:
        for number in range(100):
            came = seen[f"streamed-{number}"] = threading.Event()
            began = time.perf_counter()
            ask("POST", "/v1/track", {**_message(0), "messageId": f"streamed-{number}"})
            came.wait(10)
            waits.append(time.perf_counter() - began)
    return waits


@contextmanager
def _stream(address: str) -> Iterator[dict[str, threading.Event]]:
    """Give a place to wait for message ids; each is told of once it is on the stream."""
    parts, seen = urlsplit(address), dict[str, threading.Event]()
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    connection.request("GET", "/api/v1/timeline/stream", headers={"X-Write-Key": KEY})
    answer = connection.getresponse()
    answer.readline()

    def listen() -> None:
        message_id = ""
        while message_id != OVER:
            line = answer.readline()
            message_id = json.loads(line[6:])["message_id"] if line.startswith(b"data: {") else ""
            if message_id in seen:
                seen[message_id].set()

    thread = threading.Thread(target=listen)
    thread.start()
    yield seen
    _Asker(address)("POST", "/v1/track", {**_message(0), "messageId": OVER})
    thread.join()
    answer.close()  # else the connection stays open, and the server waits for its stream to end
    connection.close()


def _percentiles(seconds: list[float]) -> dict[str, float]:
    cut = statistics.quantiles([one * 1000 for one in seconds], n=100)
    return {"p50 ms": cut[49], "p99 ms": cut[98]}


def _read(name: str, urls: list[str], sizes: list[int]) -> Figures:
    """Measure a customer's last 50 events on timelines of different sizes, in turn, so load meets both alike."""
    engines = [open_engine(url) for url in urls]
    for engine, size in zip(engines, sizes, strict=True):
        _grow(engine, size)
    waits: dict[int, list[float]] = {size: [] for size in sizes}
    for turn in range(300):
        for engine, size in zip(engines, sizes, strict=True):
            whose = Whose(users=(f"u{(turn * 7919) % (size // 200)}",))
            with Session(engine) as session:
                began = time.perf_counter()
                found = newest_first(session, whose, Filter(), limit=50)
                waits[size].append(time.perf_counter() - began)
            if len(found) != 50:
                msg = f"{len(found)} events instead of 50: the figure would be of something else"
                raise SystemExit(msg)
    figures = {f"{name} last 50 of {size:,}": _percentiles(waits[size]) for size in sizes}
    medians = [statistics.median(waits[size]) for size in sizes]
    figures[f"{name} last 50, grown"] = {"of the small one's time": medians[-1] / medians[0]}
    for engine in engines:
        engine.dispose()
    return figures


BASE = 20_000
"""Events written one by one; a larger timeline holds them many times over, each time of other customers."""

FRESH_ID = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}


def _grow(engine: Any, size: int) -> None:
    """Fill the timeline with events of customers who each have 200, spread over months."""
    _write_base(engine)
    names = [column.name for column in Event.__table__.columns]
    with engine.connect() as connection:
        for time_over in range(1, size // BASE):
            changed = {
                "id": FRESH_ID[connection.dialect.name],
                "user_id": f"'u' || (CAST(substr(user_id, 2) AS INTEGER) + {time_over * (BASE // 200)})",
                "visit_id": "NULL",
            }
            chosen = ", ".join(changed.get(name, name) for name in names)
            base = f"SELECT {chosen} FROM event WHERE visit_id IS NOT NULL"  # noqa: S608 - nothing in it is anybody's
            connection.execute(
                text("SET LOCAL statement_timeout = 0")
                if connection.dialect.name != "sqlite"
                else text("SELECT 1")
            )
            connection.execute(text(f"INSERT INTO event ({', '.join(names)}) {base}"))
            connection.commit()
        connection.execute(text("ANALYZE"))
        connection.commit()


def _write_base(engine: Any) -> None:
    writer, source = Writer(engine), KnownSource("bench", "web", None, frozenset(RIGHTS))
    for first in range(0, BASE, 2000):
        entries = []
        for number in range(first, first + 2000):
            moment = datetime.fromtimestamp(1_770_000_000 + number * 1000, UTC)
            message = {**_message(number), "userId": f"u{number % (BASE // 200)}", "timestamp": moment.isoformat()}
            entries.append(Entry(event_row(message, Sending(source, datetime.now(UTC), None)), b""))
        writer.write(entries)
