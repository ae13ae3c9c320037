"""A broken reader is tried ever more seldom, and at once when it is plugged in again."""

from __future__ import annotations

from hardware.backoff import LONGEST, SHORTEST, Backoff


class Times:
    """A clock that runs by waiting; a device that is there, or comes at a moment."""

    def __init__(self, comes_at: float = 0.0, over_at: float = 1e9) -> None:
        self.now = 0.0
        self.backoff = Backoff(self.wait, lambda: self.now >= comes_at, lambda: self.now >= over_at)

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def pause(self) -> float:
        began = self.now
        self.backoff.pause()
        return round(self.now - began, 6)


def test_pauses_double_up_to_the_longest_and_begin_anew_once_it_worked() -> None:
    times = Times()
    assert [times.pause() for _ in range(5)] == [SHORTEST, 0.5, 1.0, LONGEST, LONGEST]
    times.backoff.reset()
    assert times.pause() == SHORTEST


def test_a_device_that_appears_ends_the_pause_and_the_doubling() -> None:
    times = Times(comes_at=10.0)
    while times.now < 10.0:
        times.pause()
    assert times.now < 10.2
    assert times.pause() == SHORTEST


def test_closing_ends_the_pause() -> None:
    times = Times(over_at=0.1)
    assert times.pause() < SHORTEST
