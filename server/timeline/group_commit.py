"""Events that arrive together share one commit: a writer thread for each process."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooSlow

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from server.errors import Unavailable
from server.timeline.recording import Entry, Receipt, record_events

LARGEST_GROUP = 500
PATIENCE_SECONDS = 4.0
"""How long a request waits for its commit before it answers 503; the entry may still be stored, and a resend is
then told so."""

AWAY = "The database is away. Nothing was lost on the kiosk; it will send again."


class Writer:
    """Writes entries of many requests in as few transactions as it can. Its thread starts at the first."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: list[tuple[Sequence[Entry], Future[list[Receipt]]]] = []
        self._work = threading.Condition()
        self._thread: threading.Thread | None = None

    def write(self, entries: Sequence[Entry]) -> list[Receipt]:
        """Return the receipts once the entries are committed; raises `Unavailable` where they could not be."""
        promise: Future[list[Receipt]] = Future()
        with self._work:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="timeline-writer", daemon=True)
                self._thread.start()
            self._waiting.append((entries, promise))
            self._work.notify()
        try:
            return promise.result(PATIENCE_SECONDS)
        except TooSlow as error:
            raise Unavailable(AWAY) from error

    def _run(self) -> None:
        while True:
            with self._work:
                while not self._waiting:
                    self._work.wait()
                group = self._take()
            self._commit(group)

    def _take(self) -> list[tuple[Sequence[Entry], Future[list[Receipt]]]]:
        size, count = 0, 0
        for entries, _ in self._waiting:
            if count and size + len(entries) > LARGEST_GROUP:
                break
            size, count = size + len(entries), count + 1
        group, self._waiting = self._waiting[:count], self._waiting[count:]
        return group

    def _commit(self, group: list[tuple[Sequence[Entry], Future[list[Receipt]]]]) -> None:
        try:
            with self._engine.begin() as connection:
                receipts = record_events(connection, [entry for entries, _ in group for entry in entries])
        except SQLAlchemyError as error:
            self._fail(group, error)
            return
        except BaseException as error:
            for _, promise in group:
                promise.set_exception(error)
            return
        at = 0
        for entries, promise in group:
            promise.set_result(receipts[at : at + len(entries)])
            at += len(entries)

    def _fail(self, group: list[tuple[Sequence[Entry], Future[list[Receipt]]]], error: SQLAlchemyError) -> None:
        spoilt = isinstance(error, DBAPIError) and type(error).__name__ in {"DataError", "IntegrityError"}
        if spoilt and len(group) > 1:  # one request's entry cannot be stored: the others must not suffer
            for one in group:
                self._commit([one])
            return
        away = Unavailable(AWAY)
        away.__cause__ = error
        for _, promise in group:
            promise.set_exception(away)
