"""Keeps every letter somewhere: on the disk, or in memory while the disk will not take it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection

from kiosk.errors import OutboxUnfit
from kiosk.outbox import Letter, Outbox

log = logging.getLogger("shelftalker.kiosk")

MOST_IN_MEMORY = 1000


class Keeping:
    """The outbox, and what it could not take: both wait to be delivered. Safe for many threads."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox, self._guard = outbox, threading.Lock()
        self._in_memory: dict[str, Letter] = {}
        self.words = ""
        """Why the disk does not keep letters; '' while it does."""

    @property
    def unrecorded(self) -> int:
        """Return how many letters are in memory only."""
        return len(self._in_memory)

    def keep(self, letter: Letter) -> bool:
        """Keep a letter; return whether it is on the disk, where a power cut cannot take it."""
        try:
            self._outbox.add(letter)
        except OutboxUnfit as error:
            self._complain(error)
            with self._guard:
                if len(self._in_memory) < MOST_IN_MEMORY:
                    self._in_memory[letter.id] = letter
            return False
        self._recovered()
        with self._guard:
            self._in_memory.pop(letter.id, None)
        return True

    def keep_again(self) -> None:
        """Try once more to put on the disk what is in memory only, the oldest first."""
        for letter in list(self._in_memory.values()):
            if not self.keep(letter):
                return

    def waiting(self, kind: str, most: int) -> list[Letter]:
        """Return up to `most` waiting letters of a kind, the oldest of the disk first, then those in memory."""
        try:
            found = self._outbox.waiting(kind, most)
        except OutboxUnfit as error:
            self._complain(error)
            found = []
        known = {letter.id for letter in found}
        more = [one for one in list(self._in_memory.values()) if one.kind == kind and one.id not in known]
        return [*found, *more][:most]

    def counts(self) -> dict[str, int]:
        """Return how many letters there are in each state, as far as the disk tells."""
        try:
            on_disk = self._outbox.counts()
        except OutboxUnfit as error:
            self._complain(error)
            on_disk = {}
        return on_disk | {"waiting": on_disk.get("waiting", 0) + self.unrecorded}

    def settle(self, ids: Collection[str], *, now_ms: int) -> None:
        """Say that the server has these, and only these; raises `OutboxUnfit` where that cannot be noted."""
        on_disk = [one for one in ids if not self._forgotten(one)]
        if on_disk:
            self._outbox.settle(on_disk, now_ms=now_ms)

    def refuse(self, letter_id: str, reason: str, *, now_ms: int) -> None:
        """Put aside a letter the server will never take; raises `OutboxUnfit` where that cannot be noted."""
        if not self._forgotten(letter_id):
            self._outbox.refuse(letter_id, reason, now_ms=now_ms)

    def forget(self, letter_id: str) -> None:
        """Let go of a letter at once; raises `OutboxUnfit` where that cannot be done."""
        self._forgotten(letter_id)
        self._outbox.forget(letter_id)

    def forget_old(self, *, now_ms: int) -> None:
        """Let go of what was delivered more than a week ago; raises `OutboxUnfit`."""
        self._outbox.forget_old(now_ms=now_ms)

    def _forgotten(self, letter_id: str) -> bool:
        with self._guard:
            return self._in_memory.pop(letter_id, None) is not None

    def _complain(self, error: OutboxUnfit) -> None:
        if str(error) != self.words:
            log.error("%s", error)
        self.words = str(error)

    def _recovered(self) -> None:
        if self.words:
            log.warning("The disk keeps taps again.")
        self.words = ""
