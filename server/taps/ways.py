"""Two ways through one story: in a thread, where each step may wait, and on the event loop, where none may."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from server.taps.answering import TapDesk
from server.taps.memory import NotAtHand
from server.timeline.recording import Entry, Receipt

Answer = TypeVar("Answer")

COMMITTING_THREADS = 4
"""One commits what the loop cannot by itself; the rest are for a database that lets a group hang."""

BATCHES_AT_ONCE = {"sqlite": 1, "postgresql": 2}
"""Batches of waiting taps one process takes at once, however many kiosks come back from an outage together: more
threads only stop one another, and the taps shoppers wait for. Two, where another process writes meanwhile."""


class Way(Protocol):
    """How the steps of a story are done."""

    async def do(self, step: Callable[[TapDesk], Answer]) -> Answer:
        """Return what the step makes at a desk."""
        ...

    async def write(self, entries: Sequence[Entry]) -> list[Receipt]:
        """Return the receipts once the entries are committed; raises `Unavailable` where they could not be."""
        ...


class InThread:
    """Waits in the thread it is called in, so that its stories never pause: `finished` runs them."""

    def __init__(self, desk: TapDesk) -> None:
        self._desk = desk

    async def do(self, step: Callable[[TapDesk], Answer]) -> Answer:
        """Do the step."""
        return step(self._desk)

    async def write(self, entries: Sequence[Entry]) -> list[Receipt]:
        """Write and wait."""
        return self._desk.writer.write(entries)


def finished(story: Coroutine[Any, Any, Answer]) -> Answer:
    """Return what a story that never pauses comes to."""
    try:
        story.send(None)
    except StopIteration as end:
        answer: Answer = end.value
        return answer
    msg = "A story in a thread must not pause."
    raise RuntimeError(msg)


class OnLoop:
    """Does at once what is in memory, and leaves to threads whatever would have to wait."""

    def __init__(self, desk: TapDesk, *, threads: int, batches: int) -> None:
        self._desk, self._at_hand = desk, desk.at_hand()
        self._asking = ThreadPoolExecutor(threads, "taps")
        self._committing = ThreadPoolExecutor(COMMITTING_THREADS, "commit")
        self._batching = ThreadPoolExecutor(batches, "batches")

    async def do(self, step: Callable[[TapDesk], Answer]) -> Answer:
        """Do the step from memory, else in a thread."""
        try:
            return step(self._at_hand)
        except NotAtHand:
            return await asyncio.get_running_loop().run_in_executor(self._asking, step, self._desk)

    async def in_turn(self, batch: Callable[[TapDesk], Answer]) -> Answer:
        """Do a batch in a thread, few at once, in the order they came."""
        return await asyncio.get_running_loop().run_in_executor(self._batching, batch, self._desk)

    async def write(self, entries: Sequence[Entry]) -> list[Receipt]:
        """Write while the loop stays free: on it where it can, else in a thread."""
        return await self._desk.writer.write_soon(entries, self._committing)
