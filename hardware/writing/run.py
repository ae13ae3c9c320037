"""The loop of a batch: a tag after another, until the list is done or somebody says stop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from hardware.arrivals import Arrivals
from hardware.fault import ReaderFault
from hardware.radio import Feedback, Radio, RadioError, ReaderBroken, TagsCollided, TwoTags
from hardware.words import gettext as _
from hardware.writing.batch import Batch
from hardware.writing.outcome import WriteOutcome, Written
from hardware.writing.words import words_for

POLL_SECONDS, REOPEN_SECONDS = 0.05, 0.5


class Desk(Protocol):
    """Who lays the tags: reads what happens, and may type `u` (take back the last) or `q` (stop)."""

    def tell(self, words: str) -> None:
        """Show a sentence."""
        ...

    def typed(self) -> str:
        """Return what was typed since it was last asked; '' for nothing."""
        ...


class BatchRun:
    """One run. `open_radio` raises `ReaderBroken`; `clock` counts seconds, `now` is the time of day."""

    def __init__(
        self,
        batch: Batch,
        open_radio: Callable[[], Radio],
        desk: Desk,
        *,
        clock: Callable[[], float],
        now: Callable[[], datetime],
        wait: Callable[[float], None],
    ) -> None:
        self._batch, self._open_radio, self._desk = batch, open_radio, desk
        self._clock, self._now, self._wait = clock, now, wait
        self._radio: Radio | None = None
        self._arrivals, self._undoing, self._trouble = Arrivals(), False, ""

    def run(self) -> bool:
        """Write until all rows are done (True) or it is told to stop (False)."""
        try:
            self._ask_for_next()
            while self._batch.next is not None:
                if self._stops():
                    return False
                self._turn()
            return True
        finally:
            if self._radio is not None:
                self._radio.close()

    def _stops(self) -> bool:
        typed = self._desk.typed().strip().lower()
        if typed == "u":
            self._undoing, self._arrivals = not self._undoing, Arrivals()
            self._ask_for_next()
        return typed == "q"

    def _turn(self) -> None:
        try:
            self._radio = self._radio or self._open_radio()
            self._look(self._radio)
            self._trouble = ""
        except TagsCollided as error:
            if self._arrivals.collided(self._clock(), surely=isinstance(error, TwoTags)):
                self._desk.tell(words_for(Written(WriteOutcome.TWO_TAGS)))
        except ReaderBroken as error:
            self._let_go(str(error))
        except RadioError:
            self._arrivals.garbled(self._clock())
        self._wait(POLL_SECONDS)

    def _let_go(self, why: str) -> None:
        if self._radio is not None:
            self._radio.close()
        if why != self._trouble:
            self._desk.tell(why)
        self._radio, self._trouble = None, why
        self._wait(REOPEN_SECONDS)

    def _look(self, radio: Radio) -> None:
        target = radio.sense()
        if target is None:
            self._arrivals.absent()
        elif self._arrivals.is_news(target.uid, self._clock()):
            radio.prove_alone()
            self._do(radio, target.uid)
            self._arrivals.settled(target.uid)
            self._ask_for_next()

    def _do(self, radio: Radio, uid: bytes) -> None:
        undoing, self._undoing = self._undoing, False
        written = self._batch.undo(radio, self._now()) if undoing else self._batch.write(radio, uid, self._now())
        good = written is not None and written.outcome is WriteOutcome.WRITTEN
        radio.signal(Feedback.READ if good else Feedback.TROUBLE)
        self._desk.tell(
            _undone(written) if undoing else f"{uid.hex().upper()}  {words_for(written)}" if written else ""
        )
        if written is not None and written.outcome is WriteOutcome.READER_BROKEN:
            raise ReaderBroken(ReaderFault.STOPPED)

    def _ask_for_next(self) -> None:
        done, rows, row = len(self._batch.journal.done), len(self._batch.rows), self._batch.next
        if self._undoing:
            self._desk.tell(_("Lay down the tag that was written last to take it back, or type u again to go on."))
        elif row is not None:
            said = _("[%(done)d of %(rows)d done] Lay a tag for %(target)s: %(uri)s")
            self._desk.tell(said % {"done": done, "rows": rows, "target": row.target, "uri": row.uri})
        else:
            self._desk.tell(_("All %(rows)d tags are written.") % {"rows": rows})


def _undone(written: Written | None) -> str:
    if written is None:
        return _("There is nothing to take back.")
    if written.outcome is WriteOutcome.WRITTEN:
        return _("Taken back: the tag holds what it held before.")
    if written.outcome is WriteOutcome.READ_ONLY:
        return _("The tag is locked and cannot be taken back: throw it away. Its row is free again.")
    return words_for(written)
