"""What benchmarks run on: a furnished shop, and the real application server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from benches.at_work import at_work
from server.db import open_engine
from server.migrations import upgrade
from server.recommendations.training import train
from shop.stock_up import stock_up
from shop.visits import play


def furnish(url: str, media: Path) -> str:
    """Make the demo shop in the database at `url` and return the key of its Madrid kiosk."""
    upgrade(url)
    engine, now = open_engine(url), datetime.now(UTC)
    with Session(engine) as session, session.begin():
        made = stock_up(session, media=media, now=now)
        play(session, now=now)
    with Session(engine) as session, session.begin():
        train(session, now)
    engine.dispose()
    return made.keys["kiosk-madrid"]


@contextmanager
def served(target: str, *, threads: int, **settings: str) -> Iterator[str]:
    """Serve an application factory with granian (one worker) and give its address."""
    with at_work(target, threads=threads, **settings) as server:
        yield server.address
