"""What one thread stores, from the bytes of a body to the commit."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import text

from benches.timelines.messages import RIGHTS, Figures, message
from server.db import open_engine
from server.timeline.group_commit import Writer
from server.timeline.rules.messages import Sending, event_row
from server.timeline.sources.rules import KnownSource
from server.timeline.taking.bodies import read_body
from server.timeline.taking.take import take


def written(name: str, url: str, seconds: float) -> Figures:
    """Return events a second, single and in batches, by the wall and by our own CPU."""
    engine = open_engine(url)
    writer, numbers = Writer(engine), count()
    source = KnownSource("bench", "web", None, frozenset(RIGHTS))
    figures: Figures = {}
    for what, size in (("single", 1), ("batch of 100", 100)):
        bodies = [
            json.dumps([message(next(numbers)) for _ in range(size)]).encode() for _ in range(40_000 // size)
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
