"""Writing tags by the thousand: the next row, the last one taken back, and the truth on disk after each tag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from hardware.radio import Radio
from hardware.words import gettext as _
from hardware.writing.journal import DISCARDED, UNDONE, UNFINISHED, BadJournal, Entry, Journal
from hardware.writing.keys import MasterSecret
from hardware.writing.outcome import Order, WriteOutcome, Written, hash_of, message_of
from hardware.writing.rows import Row
from hardware.writing.seal import Seal
from hardware.writing.step import Content
from hardware.writing.write import write_tag


@dataclass(frozen=True, slots=True)
class Manner:
    """How every tag of a batch is written, and by whom."""

    by: str
    seal: Seal = Seal.OPEN
    replace: bool = False
    counting: bool = False
    secret: MasterSecret | None = field(default=None, repr=False)

    def order(self, uri: str, *, ours: bool = False, only: bytes | None = None) -> Order:
        """Return the order for a tag that shall hold `uri`; one of ours may be overwritten."""
        return Order(
            message_of(uri),
            self.seal,
            replace=self.replace or ours,
            counting=self.counting,
            secret=self.secret,
            only=only,
        )


class Batch:
    """Rows to write, in order, and the journal of what was done.

    The rows done are the first ones; raises `BadJournal` where the journal is another list's. A tag written here
    is refused a second time; one that this batch left unfinished, lost or taken back may be written again.
    """

    def __init__(self, rows: Sequence[Row], journal: Journal, manner: Manner) -> None:
        self.rows, self.journal, self._manner = rows, journal, manner
        self._before: dict[str, bytes] = {}
        for row, entry in zip(rows, journal.done.values(), strict=False):
            if (row.target, row.uri) != (entry.target, entry.uri):
                msg = _("%(file)s belongs to another list: tag %(uid)s was written for %(target)s.")
                raise BadJournal(msg % {"file": journal.path, "uid": entry.uid, "target": entry.target})
        if len(journal.done) > len(rows):
            msg = _("%(file)s belongs to another list: it has more tags than the list has rows.")
            raise BadJournal(msg % {"file": journal.path})

    @property
    def next(self) -> Row | None:
        """Return the row whose turn it is; None where all are done."""
        at = len(self.journal.done)
        return self.rows[at] if at < len(self.rows) else None

    def write(self, radio: Radio, uid: bytes, now: datetime) -> Written:
        """Write the tag with `uid` for the next row; where it was touched the journal has it when this returns."""
        row, name = self.rows[len(self.journal.done)], uid.hex().upper()
        if name in self.journal.done:
            return Written(WriteOutcome.ALREADY_USED, uid=name)
        ours = name in self.journal.last
        begun = entry_begun(name, row, by=self._manner.by, now=now)
        with self.journal.beginning(begun):
            written = write_tag(radio, self._manner.order(row.uri, ours=ours, only=uid))
            if written.holds != {Content.OLD} or written.outcome is WriteOutcome.WRITTEN:
                self._before.setdefault(name, b"" if ours else written.before or b"")
                self.journal.append(entry_ended(begun, written))
        return written

    def undo(self, radio: Radio, now: datetime) -> Written | None:
        """Take the last tag back, which must lie on the reader; None where there is nothing to take back.

        What it held before comes back where this run wrote it; otherwise it becomes empty. A locked one stays as
        it is, but its row is free for another tag.
        """
        entry = next(reversed(self.journal.done.values()), None)
        if entry is None:
            return None
        back = Order(
            self._before.get(entry.uid, b""),
            replace=True,
            lift=True,
            secret=self._manner.secret,
            only=bytes.fromhex(entry.uid),
        )
        written = write_tag(radio, back)
        ends = {WriteOutcome.WRITTEN: UNDONE, WriteOutcome.READ_ONLY: DISCARDED}
        outcome = ends.get(written.outcome, written.outcome)
        if written.outcome in ends or written.holds != {Content.OLD}:
            taken = replace(entry, written_at=now.isoformat(), by=self._manner.by, outcome=outcome)
            self.journal.append(taken)
        return written


def entry_begun(uid: str, row: Row, *, by: str, now: datetime) -> Entry:
    """Return the entry of a tag that is about to be written."""
    content = hash_of(message_of(row.uri))
    return Entry(uid, "", row.target, row.uri, content, "", "no", "no", now.isoformat(), by, UNFINISHED)


def entry_ended(begun: Entry, written: Written) -> Entry:
    """Return the entry of a tag once it is known what it came to."""
    return replace(
        begun,
        chip=written.chip,
        signature=written.signature,
        locked="yes" if written.locked else "no",
        protected="yes" if written.protected else "no",
        outcome=written.outcome,
    )
