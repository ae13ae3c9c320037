"""A field in which virtual tags lie: the one place where frames meet tags, whatever carries the frames."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import reduce
from operator import or_

from hardware.virtual.faults import Fault, FaultKind, Faults
from hardware.virtual.selection import REQUEST, WAKE_UP
from hardware.virtual.tag import VirtualTag

GARBLED = b""
NAK = b"\x00"


class Field:
    """Lay tags in it and take them away, from any thread; a reader asks it with `answer`.

    `wait(seconds)` sleeps where a fault script says that an answer comes late.
    """

    def __init__(self, wait: Callable[[float], None] = time.sleep) -> None:
        self._wait, self._lock = wait, threading.Lock()
        self._tags: tuple[VirtualTag, ...] = ()
        self._faults = Faults()

    @property
    def lying(self) -> VirtualTag | None:
        """Return the tag that lies in the field; the first one where there are more."""
        return next(iter(self._tags), None)

    def lay(self, *tags: VirtualTag, faults: Faults | None = None) -> None:
        """Lay these tags in the field, in place of what lies there; the fault script begins with them."""
        with self._lock:
            for tag in tags:
                tag.power_up()
            self._tags, self._faults = tags, faults or Faults()

    def take(self) -> None:
        """Take everything away."""
        with self._lock:
            self._tags = ()

    def disturb(self, faults: Faults) -> None:
        """Let this fault script begin now, in place of the one at work."""
        with self._lock:
            self._faults = faults

    def cut_after(self, frames: int) -> None:
        """Let the tag leave after so many more frames."""
        self.disturb(Faults([Fault(FaultKind.CUT, frames + 1)]))

    def off(self) -> None:
        """Switch the field off and on: every tag begins anew."""
        with self._lock:
            for tag in self._tags:
                tag.power_up()

    def answer(self, technology: str, frame: bytes) -> bytes | None:
        """Return what a reader hears: None for silence, `b""` for something that fails its check.

        Two tags that answer differently garble each other, except in their answers to REQA and WUPA,
        which overlay each other: a reader notices two tags in the anticollision.
        """
        with self._lock:
            tags = [tag for tag in self._tags if tag.technology == technology]
            if not tags:
                return None
            due = self._faults.due()
            reply = self._struck(tags, frame, due)
        if FaultKind.DELAY in due:
            self._wait(due[FaultKind.DELAY].amount)
        return reply

    def _struck(self, tags: list[VirtualTag], frame: bytes, due: dict[FaultKind, Fault]) -> bytes | None:
        if FaultKind.TEAR in due:
            for tag in tags:
                tag.tear(frame)
        if FaultKind.TEAR in due or FaultKind.CUT in due:
            self._tags = ()
            return None
        if FaultKind.DEAF in due:
            return None
        reply = _heard(frame, [reply for tag in tags if (reply := tag.answer(frame)) is not None])
        if reply is None or FaultKind.SILENCE in due:
            return None
        if FaultKind.NAK in due:
            for tag in tags:
                tag.refuse()
            return NAK
        noise = due.get(FaultKind.NOISE)
        if FaultKind.GARBLE in due or (noise and self._faults.happens(noise.amount)):
            return GARBLED
        flip = due.get(FaultKind.FLIP)
        return self._faults.flip(reply, flip.amount) if flip else reply


def _heard(frame: bytes, replies: list[bytes]) -> bytes | None:
    if len(set(replies)) <= 1:
        return replies[0] if replies else None
    if frame in {REQUEST, WAKE_UP}:
        return bytes(reduce(or_, together) for together in zip(*replies, strict=True))
    return GARBLED
