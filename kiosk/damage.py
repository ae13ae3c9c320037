"""What to do with a damaged outbox file: keep it, and save what can still be read of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

TAILS = ("", "-wal", "-shm")


def set_aside(path: Path) -> Path:
    """Rename the file and what SQLite keeps beside it; return its new name."""
    number = sum(1 for _ in path.parent.glob(f"{path.name}.damaged-*[0-9]"))
    damaged = path.with_name(f"{path.name}.damaged-{number}")
    for tail in TAILS:
        with suppress(FileNotFoundError):
            path.with_name(path.name + tail).rename(damaged.with_name(damaged.name + tail))
    return damaged


def readable(path: Path) -> Iterator[tuple[object, ...]]:
    """Yield each letter (id, kind, body, written_ms, state, reason, settled_ms) that can still be read, in order.

    Asks for one row at a time, so that a broken page costs only the rows on it.
    """
    with closing(sqlite3.connect(path)) as base:
        try:
            last = base.execute("SELECT seq FROM sqlite_sequence WHERE name = 'letter'").fetchone()[0]
        except (sqlite3.Error, TypeError):
            return
        for seq in range(1, int(last) + 1):
            with suppress(sqlite3.Error):
                row = base.execute(
                    "SELECT id, kind, body, written_ms, state, reason, settled_ms FROM letter WHERE seq = ?",
                    (seq,),
                ).fetchone()
                if row:
                    yield row
