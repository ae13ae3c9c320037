"""Taps kept on disk until the server has said of each, by id, that it has it; and a week longer."""

from __future__ import annotations

import fcntl
import sqlite3
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from uuid import UUID, uuid4

from kiosk.damage import readable, set_aside
from kiosk.errors import OutboxInUse, OutboxUnfit

KEPT_AFTER_ACK_MS = 7 * 86_400_000
"""How long a delivered tap stays, so that a server restored from a backup can ask for it."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS letter (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    written_ms INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    reason TEXT NOT NULL DEFAULT '',
    settled_ms INTEGER
);
CREATE INDEX IF NOT EXISTS letter_state ON letter (state, seq);
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """One thing to deliver: a tap or the end of a visit, as JSON."""

    id: str
    kind: str
    body: str
    written_ms: int


class Outbox:
    """The queue on disk. Every write is on the disk when the call returns (WAL, synchronous=FULL).

    After an error of the disk the file is closed and opened anew before it is used again: a failed fsync must
    never be tried twice (Rebello et al., USENIX ATC 2020). All calls raise `OutboxUnfit` where the disk or
    SQLite does not obey.
    """

    def __init__(
        self, path: Path, *, patience: float = 5.0, connection: type[sqlite3.Connection] = sqlite3.Connection
    ) -> None:
        """Open or make the queue; raises `OutboxInUse`, or `OutboxUnfit`.

        A damaged file is set aside under another name, a new epoch begins, and what can still be read is
        saved into it. `patience` is how many seconds to wait for a locked file.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock_file = _hold(path.with_suffix(".lock"))
        self._guard = threading.Lock()
        self._path, self._patience, self._connection = path, patience, connection
        self._open_base: sqlite3.Connection | None = None
        self.epoch, self._next = UUID(int=0), 1
        try:
            with self._base():
                pass
        except OutboxUnfit:
            self._lock_file.close()
            raise

    @contextmanager
    def _base(self) -> Iterator[sqlite3.Connection]:
        """Give the open file to one thread; after any error it is closed, and the next call opens it anew."""
        with self._guard:
            try:
                if self._open_base is None:
                    self._open_base = self._opened()
                yield self._open_base
            except sqlite3.Error as error:
                self._drop()
                msg = f"The outbox {self._path} does not work ({error}): see that the disk works and is not full."
                raise OutboxUnfit(msg) from error

    def _drop(self) -> None:
        base, self._open_base = self._open_base, None
        if base is not None:
            with suppress(sqlite3.Error):
                base.close()

    def _opened(self) -> sqlite3.Connection:
        base = self._connect()
        try:
            return self._set_up(base)
        except sqlite3.Error as error:
            base.close()
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
                raise
        damaged = set_aside(self._path)
        base = self._set_up(self._connect())
        base.executemany(
            "INSERT OR IGNORE INTO letter (id, kind, body, written_ms, state, reason, settled_ms) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            readable(damaged),
        )
        return base

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(
            self._path,
            timeout=self._patience,
            check_same_thread=False,
            isolation_level=None,
            factory=self._connection,
        )

    def _set_up(self, base: sqlite3.Connection) -> sqlite3.Connection:
        mode = base.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        base.execute("PRAGMA synchronous=FULL")
        base.execute("PRAGMA secure_delete=ON")
        level = base.execute("PRAGMA synchronous").fetchone()[0]
        if (mode, level) != ("wal", 2):
            base.close()
            msg = f"SQLite answered {mode}/{level} where wal/2 keeps taps through a power cut; use a local disk."
            raise OutboxUnfit(msg)
        base.executescript(SCHEMA)
        if base.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            error = sqlite3.DatabaseError("the file is damaged")
            error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise error
        base.execute("INSERT OR IGNORE INTO about VALUES ('epoch', ?)", (str(uuid4()),))
        self.epoch = UUID(base.execute("SELECT value FROM about WHERE name='epoch'").fetchone()[0])
        highest = base.execute("SELECT seq FROM sqlite_sequence WHERE name='letter'").fetchone()
        self._next = (highest[0] if highest else 0) + 1
        return base

    def next_seq(self) -> int:
        """Return the number the next letter will have."""
        with self._guard:
            return self._next

    def add(self, letter: Letter) -> None:
        """Keep a letter; it is on the disk when this returns. Kept before, it stays as it was."""
        with self._base() as base:
            cursor = base.execute(
                "INSERT INTO letter (id, kind, body, written_ms) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                (letter.id, letter.kind, letter.body, letter.written_ms),
            )
            if cursor.rowcount:
                self._next = (cursor.lastrowid or 0) + 1

    def waiting(self, kind: str, most: int) -> list[Letter]:
        """Return up to `most` waiting letters of a kind, the oldest first."""
        with self._base() as base:
            rows = base.execute(
                "SELECT id, kind, body, written_ms FROM letter "
                "WHERE state='waiting' AND kind=? ORDER BY seq LIMIT ?",
                (kind, most),
            ).fetchall()
        return [Letter(*row) for row in rows]

    def settle(self, ids: Collection[str], *, now_ms: int) -> None:
        """Say that the server has these, and only these."""
        self._move(ids, "acked", "", now_ms=now_ms)

    def refuse(self, letter_id: str, reason: str, *, now_ms: int) -> None:
        """Put aside a letter the server will never take."""
        self._move([letter_id], "refused", reason, now_ms=now_ms)

    def _move(self, ids: Collection[str], state: str, reason: str, *, now_ms: int) -> None:
        with self._base() as base:
            base.execute("BEGIN IMMEDIATE")
            base.executemany(
                "UPDATE letter SET state=?, reason=?, settled_ms=? WHERE id=? AND state='waiting'",
                [(state, reason, now_ms, letter_id) for letter_id in ids],
            )
            base.execute("COMMIT")

    def forget(self, letter_id: str) -> None:
        """Let go of one letter at once, and leave nothing of it in the file or its log."""
        with self._base() as base:
            base.execute("DELETE FROM letter WHERE id=?", (letter_id,))
            base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def forget_old(self, *, now_ms: int) -> None:
        """Let go of what was delivered more than a week ago."""
        with self._base() as base:
            base.execute(
                "DELETE FROM letter WHERE state='acked' AND settled_ms < ?", (now_ms - KEPT_AFTER_ACK_MS,)
            )

    def counts(self) -> dict[str, int]:
        """Return how many letters there are in each state."""
        with self._base() as base:
            return dict(base.execute("SELECT state, count(*) FROM letter GROUP BY state").fetchall())

    def close(self) -> None:
        """Close the queue and let another agent hold it."""
        with self._guard:
            self._drop()
        self._lock_file.close()


def _hold(path: Path) -> TextIO:
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        msg = f"Another kiosk agent uses {path.parent}: stop it first, or give this one a folder of its own."
        raise OutboxInUse(msg) from error
    return lock
