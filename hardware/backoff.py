"""How long to wait before a broken reader is opened anew: longer each time, but no longer once plugged in."""

from __future__ import annotations

from collections.abc import Callable

SHORTEST, LONGEST = 0.25, 1.25
"""Seconds. An attempt at a chip that hangs costs half of one; once it answers it must be back within two."""
GLANCE_SECONDS = 0.1


class Backoff:
    """Pauses between attempts; `present()` tells whether a device is there to open, `over()` to give up."""

    def __init__(
        self, wait: Callable[[float], None], present: Callable[[], bool], over: Callable[[], bool]
    ) -> None:
        self._wait, self._present, self._over, self._next = wait, present, over, SHORTEST

    def reset(self) -> None:
        """Say that the reader works."""
        self._next = SHORTEST

    def pause(self) -> None:
        """Wait before the next attempt; a device that appears meanwhile is worth one at once."""
        missing = not self._present()
        left, self._next = self._next, min(self._next * 2, LONGEST)
        while left > 0 and not self._over():
            self._wait(min(GLANCE_SECONDS, left))
            left -= GLANCE_SECONDS
            if missing and self._present():
                self.reset()
                return
