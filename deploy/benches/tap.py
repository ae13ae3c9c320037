"""Durable taps a second on SQLite and PostgreSQL, beside a bare Flask route in the same run.

The bare route is served twice: the fastest way the application server has for it (`bare`), and on the server as
the house runs it, where a route of the framework is answered in a thread beside the event loop (`bare as served`).
Between them stands the least that keeps a tap safe: its id and body in one row, in commits that are shared.

Each connection plays visits of its own, one tap after the other, as the demo shop's generator makes them (mostly
one to three products that go together, some opened on the screen, now and then a sign). While one server is asked,
the others stand still. `µs` is the processor time of a request: of our processes, the database's and the client's.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import create_engine, text

from benches.at_work import Server, at_work
from benches.load import Measured, measure, until_it_suggests
from benches.machines import furnish
from benches.spending import of_family, postmaster
from benches.visiting import Load
from server.db import open_engine
from tests.postgres import NoPostgres, cluster

THREADS = 32


def main(arguments: list[str]) -> int:
    """Print the figures; exit 1 where a tap was refused, or one that was promised is not stored."""
    parser = argparse.ArgumentParser(prog="deploy/bench tap")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--connections", type=int, default=48)
    chosen = parser.parse_args(arguments)
    figures: dict[str, dict[str, float]] = {}
    whole = True
    with tempfile.TemporaryDirectory(prefix="shelftalker-") as folder:
        for name, url in _databases(Path(folder)):
            measured, kept = _measure(name, url, Path(folder), chosen)
            figures |= measured
            whole &= kept
    if chosen.json:
        print(json.dumps(figures))
    else:
        for name, figure in figures.items():
            print(f"{name:24}" + "  ".join(f"{what} {value:,.2f}" for what, value in figure.items()))
    return 0 if whole else 1


def _databases(folder: Path):  # type: ignore[no-untyped-def]  # yields names and addresses
    yield "sqlite", f"sqlite:///{folder / 'shop.sqlite'}"
    try:
        with cluster(folder / "postgres", durable=True) as running:
            engine = create_engine(running.url("postgres"), isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text("CREATE DATABASE shop"))
            engine.dispose()
            yield "postgres", running.url("shop")
    except NoPostgres as missing:
        print(missing)


def _measure(
    name: str, url: str, folder: Path, chosen: argparse.Namespace
) -> tuple[dict[str, dict[str, float]], bool]:
    media = folder / "media"
    single = Load(furnish(url, media), chosen.connections, chosen.seconds)
    settings = {"DATABASE_URL": url, "MEDIA_DIR": str(media), "SECURE_COOKIES": "0"}
    database = postmaster(folder / "postgres" / "pg")
    own = url.replace(".sqlite", "-least.sqlite")  # who stands still must not hold what another waits for
    with (
        at_work("benches.bare:application", threads=THREADS) as bare,
        at_work("benches.bare:as_served", threads=THREADS) as served,
        at_work("benches.least:application", threads=THREADS, **settings | {"DATABASE_URL": own}) as least,
        at_work("server.process:application", threads=THREADS, **settings) as real,
    ):
        asked = _Asked([bare, served, least, real], database)
        with bare.stands_still(), served.stands_still(), least.stands_still():
            until_it_suggests(real.address, single)
            measure(real.address, replace(single, seconds=1.5))
        rounds = [[asked.of(one, single) for one in asked.servers] for _ in range(3)]
        batch = asked.of(real, replace(single, connections=2, batch=100))
    bares, serveds, leasts, singles = (list(measured) for measured in zip(*rounds, strict=True))
    promised = frozenset().union(*(one.promised for one in (*singles, batch)))
    stored = _stored(url)
    figures = {
        f"{name} bare": _figure(_middle(bares)),
        f"{name} bare as served": _figure(_middle(serveds)) | {"of bare": _ratio(serveds, bares)},
        f"{name} least": _figure(_middle(leasts)) | {"of bare": _ratio(leasts, bares)},
        f"{name} single": _figure(_middle(singles))
        | {"of bare": _ratio(singles, bares), "of bare as served": _ratio(singles, serveds)},
        f"{name} batch of 100": _figure(batch)
        | {
            "taps/s": batch.per_second * 100,
            "taps/s of our processor time": len(batch.times) * 100 / batch.server,
        },
        f"{name} promised": {"ids": len(promised), "missing": len(promised - stored)},
    }
    refused = sum(one.failed for one in (*singles, batch))
    return figures, bool(promised) and promised <= stored and not refused


@dataclass(frozen=True, slots=True)
class _Asked:
    """Servers side by side, of which only the one that is asked does anything; and their database's process."""

    servers: list[Server]
    database: int

    def of(self, server: Server, load: Load) -> Measured:
        """Return how a server answers a load, and what it and the database spend on it."""
        with ExitStack() as still:
            for other in self.servers:
                if other is not server:
                    still.enter_context(other.stands_still())
            before = of_family(server.leader), of_family(self.database)
            measured = measure(server.address, load)
            after = of_family(server.leader), of_family(self.database)
        measured.server, measured.database = after[0] - before[0], after[1] - before[1]
        return measured


def _middle(measured: list[Measured]) -> Measured:
    return sorted(measured, key=lambda one: one.per_second)[len(measured) // 2]


def _ratio(ours: list[Measured], bares: list[Measured]) -> float:
    ratios = [our.per_second / bare.per_second for our, bare in zip(ours, bares, strict=True)]
    return sorted(ratios)[len(ratios) // 2]


def _figure(measured: Measured) -> dict[str, float]:
    micro = 1e6 / max(len(measured.times), 1)
    return {
        "requests/s": measured.per_second,
        "p50 ms": measured.percentile(50),
        "p99 ms": measured.percentile(99),
        "failed": measured.failed,
        "server µs": measured.server * micro,
        "database µs": measured.database * micro,
        "client µs": measured.client * micro,
    }


def _stored(url: str) -> frozenset[str]:
    engine = open_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id FROM event")).scalars()
        found = frozenset(str(row).replace("-", "") for row in rows)
    engine.dispose()
    return frozenset(f"{i[:8]}-{i[8:12]}-{i[12:16]}-{i[16:20]}-{i[20:]}" for i in found)
