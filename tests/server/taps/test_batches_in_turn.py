"""Batches of taps that come together are taken a few at once, and in the order they came."""

from __future__ import annotations

import asyncio
import threading

import pytest
from flask import Flask

from server.taps.answering import TapDesk
from server.taps.ways import OnLoop
from tests.looped import on_a_loop


@pytest.mark.parametrize("at_once", [1, 2])
def test_no_more_batches_than_said_are_taken_at_once(app: Flask, at_once: int) -> None:
    way = OnLoop(app.extensions["tap_desk"], threads=8, batches=at_once)
    seen, now, counting = [0], [0], threading.Lock()
    all_there = threading.Barrier(at_once)

    def batch(desk: TapDesk) -> None:
        with counting:
            now[0] += 1
            seen.append(now[0])
        all_there.wait(10)  # so many are there together, or this breaks
        with counting:
            now[0] -= 1

    async def story() -> None:
        await asyncio.gather(*(way.in_turn(batch) for _ in range(6)))

    on_a_loop(story)
    assert max(seen) == at_once


def test_who_came_first_is_taken_first(app: Flask) -> None:
    way = OnLoop(app.extensions["tap_desk"], threads=8, batches=1)
    taken: list[int] = []

    async def story() -> None:
        await asyncio.gather(*(way.in_turn(lambda _, number=number: taken.append(number)) for number in range(20)))

    on_a_loop(story)
    assert taken == list(range(20))
