"""Events that arrive together share one commit: the first request to wait commits for all that joined it."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import partial

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from server.errors import Unavailable
from server.timeline.recording import Alone, Entry, Receipt
from server.timeline.refused import is_refused, is_spoilt
from server.timeline.refused_entries import Refused, put_aside
from server.timeline.riding import Riding

LARGEST_GROUP = 500
PATIENCE_SECONDS = 4.0
"""How long a request waits for its commit before it answers 503; the entry may still be stored, and a resend is
then told so."""

WORDS_OF_MANY = "The database does not take one of these for what it says, so none was stored. Send each alone."
AWAY = "The database is away. Nothing was lost on the kiosk; it will send again."


Results = list[list[Receipt] | Exception]


class _Waiting:
    """Those of an event loop who wait for a group, of which it knows nothing: so that goes once it is over."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._woken: list[asyncio.Future[None]] = []
        self._giving_up = loop.call_later(PATIENCE_SECONDS, self._wake)

    def one_more(self) -> asyncio.Future[None]:
        """Return what is done when the group is over, or takes too long."""
        woken: asyncio.Future[None] = self._loop.create_future()  # what `timeout` and `shield` do, for less
        self._woken.append(woken)
        return woken

    def over(self, _: Future[Results]) -> None:
        """Wake them, from whatever thread."""
        self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self._giving_up.cancel()
        for woken in self._woken:
            if not woken.done():
                woken.set_result(None)


class Group:
    """What goes into one commit: the entries of each request, and in the end (`over`) what became of them."""

    def __init__(self) -> None:
        self.requests: list[Sequence[Entry]] = []
        self.size = 0
        self.over: Future[Results] = Future()
        self._waiting: _Waiting | None = None

    def has_room_for(self, entries: Sequence[Entry]) -> bool:
        """Return whether the entries fit in; whatever its size, one request always does."""
        return not self.requests or self.size + len(entries) <= LARGEST_GROUP

    def join(self, entries: Sequence[Entry]) -> int:
        """Add the entries of one request and return its place."""
        self.requests.append(entries)
        self.size += len(entries)
        return len(self.requests) - 1

    async def awaited(self) -> Results:
        """Return the results on the process's event loop: one wake-up, however many requests of it wait.

        Raises `TimeoutError` where they do not come in time.
        """
        if not self.over.done():
            if self._waiting is None:
                self._waiting = _Waiting(asyncio.get_running_loop())
                self.over.add_done_callback(self._waiting.over)
            await self._waiting.one_more()
        return self.over.result(0)


class Writer:
    """Writes entries of many requests in as few transactions as it can. Safe for many threads; has none itself.

    What is `riding` goes along where a thread commits; on SQLite, where each commit keeps all others waiting, that
    is every one.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine, self._alone, self.riding = engine, Alone(engine), Riding()
        self.refused = 0
        self._joining = threading.Lock()
        self._committing = threading.Lock()
        self._open: Group | None = None
        self._due: deque[Group] = deque()
        self._sending: asyncio.Task[None] | None = None

    def write(self, entries: Sequence[Entry]) -> list[Receipt]:
        """Return the receipts once the entries are committed; raises `Unavailable` where they could not be."""
        group, place, leads = self._join(entries)
        if leads:
            self._lead(group)
        try:
            return _receipts(group.over.result(PATIENCE_SECONDS), place)
        except TimeoutError as late:
            raise Unavailable(AWAY) from late

    async def write_soon(self, entries: Sequence[Entry], committing: Executor) -> list[Receipt]:
        """Do the same on an event loop, which stays free meanwhile.

        A group sets out once the loop has come round and the one before is over: whatever has arrived by then
        shares the commit. Where the loop cannot write by itself, a thread of `committing` does it.
        """
        group, place, leads = self._join(entries)
        if leads:
            self._due.append(group)
            if self._sending is None:
                self._sending = asyncio.create_task(self._send_off(committing))
        try:
            return _receipts(await group.awaited(), place)
        except TimeoutError as late:
            raise Unavailable(AWAY) from late

    async def _send_off(self, committing: Executor) -> None:
        """Write all groups of the event loop that are due, one after the other."""
        try:
            while self._due:
                await asyncio.sleep(0)
                await self._lead_soon(self._due.popleft(), committing)
        finally:
            self._sending = None

    async def _lead_soon(self, group: Group, committing: Executor) -> None:
        loop = asyncio.get_running_loop()
        if not self._alone.one_way:
            await loop.run_in_executor(committing, self._lead, group)
            return
        self._close(group)
        entries = [entry for one in group.requests for entry in one]
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                receipts = await self._alone.record_soon(entries, partial(loop.run_in_executor, committing))
        except Exception:  # a thread goes the longer way, and tells of what goes wrong there
            await loop.run_in_executor(committing, self._lead, group)
        else:
            group.over.set_result(_shared_out(receipts, group.requests))

    def _join(self, entries: Sequence[Entry]) -> tuple[Group, int, bool]:
        with self._joining:
            leads = self._open is None or not self._open.has_room_for(entries)
            if self._open is None or leads:
                self._open = Group()
            return self._open, self._open.join(entries), leads

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the turn to write: on SQLite, which lets in one at a time and not in order, nobody of this process
        then waits in vain. Raises `Unavailable` where the turn does not come.
        """
        if self._engine.dialect.name != "sqlite":
            yield
            return
        if not self._committing.acquire(timeout=PATIENCE_SECONDS):
            raise Unavailable(AWAY)
        try:
            yield
        finally:
            self._committing.release()

    def _close(self, group: Group) -> None:
        with self._joining:
            if self._open is group:
                self._open = None

    def _lead(self, group: Group) -> None:
        in_turn = self._committing.acquire(timeout=PATIENCE_SECONDS)
        try:
            self._close(group)
            results: Results = self._commit_along(group.requests) if in_turn else _late(group)
        finally:
            if in_turn:
                self._committing.release()
        group.over.set_result(results)

    def _commit_along(self, requests: Sequence[Sequence[Entry]]) -> Results:
        """Commit requests and what rides along, which never keeps them, or one another, from it."""
        riders = self.riding.seated(len(requests))
        alone = [[one] for one in riders]
        every = self._commit([*requests, *alone])
        if riders and all(isinstance(one, Exception) and not isinstance(one, Unavailable) for one in every):
            every = [*self._commit(requests), *(self._commit([one])[0] for one in alone)]
        self.riding.settle(riders, every[len(requests) :])
        return every[: len(requests)]

    def write_each(self, riders: Sequence[Entry]) -> bool:
        """Write each by itself, where together they were refused; return whether the database was there.

        What it refuses alone is put aside, what it was away for rides on.
        """
        for place, one in enumerate(riders):
            result = self._write_one(one)
            if isinstance(result, Exception) and not is_refused(result):
                self.riding.back(riders[place:])
                return False
            self.riding.settle([one], [result])
        return True

    def _write_one(self, entry: Entry) -> list[Receipt] | Exception:
        try:
            with self.turn():
                return self._commit([[entry]])[0]
        except Unavailable as late:
            return late

    def _commit(self, requests: Sequence[Sequence[Entry]]) -> Results:
        try:
            receipts = self._alone.record([entry for one in requests for entry in one])
        except SQLAlchemyError as error:
            if not is_spoilt(error):
                return [_away(error)] * len(requests)
            if len(requests) > 1:  # one request's entry cannot be stored: the others must not suffer
                return [self._commit([one])[0] for one in requests]
            return [self._refused(requests[0], error)]
        except Exception as error:
            return [error] * len(requests)
        return _shared_out(receipts, requests)

    def _refused(self, entries: Sequence[Entry], cause: SQLAlchemyError) -> Exception:
        """Return what one request hears; where it is of several entries, who sent it tries each alone."""
        if len(entries) != 1:  # counted once it comes alone
            return Refused(WORDS_OF_MANY)
        try:
            refused = put_aside(self._engine, entries[0], cause)
        except SQLAlchemyError as error:
            return _away(error)
        self.refused += 1
        return refused


def _shared_out(receipts: Sequence[Receipt], requests: Sequence[Sequence[Entry]]) -> Results:
    following = iter(receipts)
    return [[next(following) for _ in one] for one in requests]


def _receipts(results: Results, place: int) -> list[Receipt]:
    result = results[place]
    if isinstance(result, Exception):
        raise result
    return result


def _late(group: Group) -> Results:
    return [Unavailable(AWAY) for _ in group.requests]


def _away(cause: SQLAlchemyError) -> Unavailable:
    away = Unavailable(AWAY)
    away.__cause__ = cause
    return away
