"""What a reader tells: a tag that was read, as what a tap says of it, or a notice of why there is none."""

from __future__ import annotations

from collections.abc import Callable

from hardware.fault import in_words
from hardware.reader import Arrived, Fault, ReaderEvent, Recovered
from hardware.tag import Outcome, TagRead
from kiosk.screen import NoticeKind
from kiosk.stage import Stage
from server.wire import Outcome as WireOutcome

LOST_IN_A_ROW = 2
"""Tags that went too soon one after another, at which we ask to hold them still."""

Take = Callable[[dict[str, object], float, float], None]
"""Takes what a tap says, the milliseconds it was read in, and the seconds at which it arrived."""


class Arriving:
    """Turns what readers tell into taps and notices; a tag that went too soon once is passed over."""

    def __init__(
        self, stage: Stage, seconds: Callable[[], float], *, take: Take, notice: Callable[[NoticeKind], None]
    ) -> None:
        self._stage, self._seconds, self._take, self._notice = stage, seconds, take, notice
        self._lost = 0

    def listen(self, event: ReaderEvent) -> None:
        """Take what a reader tells."""
        if isinstance(event, Arrived):
            self._arrived(event.read)
        elif isinstance(event, Fault):
            self._stage.reader(event.where or in_words(event.kind))
        elif isinstance(event, Recovered):
            self._stage.reader("")

    def _arrived(self, read: TagRead) -> None:
        arrived = self._seconds()
        if read.outcome is Outcome.LOST:
            self._lost += 1
            if self._lost >= LOST_IN_A_ROW:
                self._notice("hold_still")
            return
        self._lost = 0
        if read.outcome in {Outcome.FOREIGN, Outcome.COLLISION} or not read.uid:
            self._notice("collision" if read.outcome is Outcome.COLLISION else "foreign")
            return
        self._take(_said_by(read), read.milliseconds, arrived)


def _said_by(read: TagRead) -> dict[str, object]:
    return {
        "uid": read.uid,
        "uri": read.uri[:2048] if read.uri else None,
        "outcome": WireOutcome(read.outcome),
        "chip": read.kind[:32],
        "counter": read.counter,
        "signature": read.signature.hex().upper() if read.signature else None,
    }
