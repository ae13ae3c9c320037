"""The output of a batch, which is also its memory: a CSV row for each tag touched, safe on disk at once."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Self

from hardware.words import gettext as _
from hardware.writing.outcome import WriteOutcome

UNDONE, DISCARDED, UNFINISHED = "undone", "discarded", "unfinished"
"""Outcomes besides `WriteOutcome`: taken back; locked and so put aside; begun when the program was killed."""


class BadJournal(ValueError):
    """Raised where an output file cannot be carried on; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of a tag. The columns of the file are these fields. A later row on a UID takes the place of an
    earlier one. `written_at` is ISO 8601 with its zone; yes and no are written so.
    """

    uid: str
    chip: str
    target: str
    uri: str
    content_hash: str
    signature: str
    locked: str
    protected: str
    written_at: str
    by: str
    outcome: str


COLUMNS = tuple(field.name for field in fields(Entry))


class Journal:
    """An output file, opened for one run at a time.

    `last` is what was last said of each UID, `done` the tags that are what was ordered, in order, without those
    taken back.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = path.open("a+b")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            msg = _("Another run is writing to %(file)s.") % {"file": path}
            raise BadJournal(msg) from error
        except OSError as error:
            msg = _("%(file)s cannot be written: %(why)s.") % {"file": path, "why": error.strerror}
            raise BadJournal(msg) from error
        self.last: dict[str, Entry] = {}
        self.done: dict[str, Entry] = {}
        for entry in self._load():
            self._remember(entry)
        self._take_up_unfinished()

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    def __enter__(self) -> Self:
        """Return the journal."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close."""
        self.close()

    def append(self, entry: Entry) -> None:
        """Add an entry, safe from a power cut."""
        self._write([tame(cell) for cell in astuple(entry)])
        self._remember(entry)

    def _remember(self, entry: Entry) -> None:
        self.last[entry.uid] = entry
        self.done.pop(entry.uid, None)
        if entry.outcome == WriteOutcome.WRITTEN:
            self.done[entry.uid] = entry

    @contextmanager
    def beginning(self, entry: Entry) -> Iterator[None]:
        """Note beside the file that a tag is being written, for as long as that lasts."""
        with self._note.open("w", encoding="utf-8") as note:
            json.dump(astuple(entry), note)
            note.flush()
            os.fsync(note.fileno())
        yield
        self._note.unlink()

    @property
    def _note(self) -> Path:
        return self.path.with_name(f"{self.path.name}.unfinished")

    def _take_up_unfinished(self) -> None:
        with suppress(OSError, ValueError, TypeError):
            entry = Entry(*json.loads(self._note.read_text("utf-8")))
            known = self.last.get(entry.uid)
            if known is None or known.written_at != entry.written_at:  # else its outcome was still noted
                self.append(entry)
        self._note.unlink(missing_ok=True)

    def _load(self) -> list[Entry]:
        self._file.seek(0)
        text = self._file.read()
        whole = text.rfind(b"\n") + 1  # a power cut in the middle of a row leaves its beginning
        self._file.truncate(whole)
        rows = list(csv.reader(io.StringIO(text[:whole].decode("utf-8-sig", "replace"), newline="")))
        if not rows:
            self._write(COLUMNS)
            return []
        if tuple(rows[0]) != COLUMNS or any(len(row) != len(COLUMNS) for row in rows):
            msg = _("%(file)s is no output of a batch: name another file.") % {"file": self.path}
            raise BadJournal(msg)
        return [Entry(*(plain(cell) for cell in row)) for row in rows[1:]]

    def _write(self, cells: tuple[str, ...] | list[str]) -> None:
        line = io.StringIO(newline="")
        csv.writer(line, lineterminator="\r\n").writerow(cells)
        self._file.write(line.getvalue().encode("utf-8"))
        self._file.flush()
        os.fsync(self._file.fileno())


FORMULA = ("=", "+", "-", "@", "\t", "\r")


def tame(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.lstrip("'").startswith(FORMULA) else cell


def plain(cell: str) -> str:
    """Return what `tame` was given."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell
