"""Events a second with counts and outbox, how soon one is seen, a customer's last 50 as the timeline grows."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from benches.timelines.messages import KEY, RIGHTS, Figures
from benches.timelines.reading import read
from benches.timelines.serving import answered
from benches.timelines.tapping import tapped
from benches.timelines.writing import written
from server.db import open_engine
from server.migrations import upgrade
from server.timeline.sources.queries import add_source
from tests.postgres import NoPostgres, cluster

PARTS = ("written", "answered", "tapped", "read")
USUAL, LONG = "20000,400000", "1000000,10000000"


def main(arguments: list[str]) -> int:
    """Print the figures; exit 1 where a figure could not be taken from what was truly stored."""
    parser = argparse.ArgumentParser(prog="deploy/bench timeline")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--growth", default=USUAL, help="timelines to read from, the small one first")
    parser.add_argument(
        "--long", action="store_true", help=f"only read, from {LONG} events: minutes, and gigabytes"
    )
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    chosen = parser.parse_args(arguments)
    sizes = [int(size) for size in (LONG if chosen.long else chosen.growth).split(",")]
    parts = ["read"] if chosen.long else [chosen.part] if chosen.part else PARTS
    figures: Figures = {}
    with tempfile.TemporaryDirectory(prefix="shelftalker-") as folder:
        for name, fresh in _databases(Path(folder), chosen.only):
            if "written" in parts:
                figures |= written(name, fresh("written"), chosen.seconds)
            if "answered" in parts:
                figures |= answered(name, fresh("served"), chosen.seconds)
            if "tapped" in parts:
                figures |= tapped(name, fresh("tapped"), Path(folder))
            if "read" in parts:
                figures |= read(name, [fresh(f"grown{size}") for size in sizes], sizes)
    if chosen.json:
        print(json.dumps(figures))
    else:
        for name, figure in figures.items():
            print(f"{name:44}" + "  ".join(f"{what} {value:,.2f}" for what, value in figure.items()))
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
