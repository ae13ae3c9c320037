"""CSV and XLSX in and out: one door, with limits on all that comes in and no live formula going out."""

from __future__ import annotations

import csv
import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO

import xlsxwriter

from server.catalogue.files.cells import plain, tame
from server.errors import Invalid

MOST_BYTES = 64 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 400
MOST_CELL = 32_767
"""Characters in a cell; spreadsheets hold no more."""

SEPARATORS = ",;\t|"
_SPREADSHEET, _OLD_SPREADSHEET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

Cells = dict[str, str]


def read(path: Path) -> Iterator[tuple[int, Cells]]:
    """Yield the rows of a CSV or XLSX file that are not empty: each one's number (the header is 1) and cells.

    CSV is UTF-8 or, with its mark, UTF-16; parted by comma, semicolon, tab or bar. Raises `Invalid` in words for
    what is too large, cannot be read, or is no table.
    """
    if path.stat().st_size > MOST_BYTES:
        msg = f"{path.name} is larger than {MOST_BYTES // 1024**2} MB; cut it into parts."
        raise Invalid(msg)
    with path.open("rb") as file:
        begins = file.read(4)
    if begins == _OLD_SPREADSHEET:
        msg = f"{path.name} is a spreadsheet of the old kind; save it as XLSX or CSV."
        raise Invalid(msg)
    with (_spreadsheet if begins == _SPREADSHEET else _text)(path) as lines:
        yield from _rows(lines, path.name)


@contextmanager
def _text(path: Path) -> Iterator[IO[str]]:
    with path.open("rb") as file:
        marked = file.read(2) in {b"\xff\xfe", b"\xfe\xff"}
    with path.open(encoding="utf-16" if marked else "utf-8-sig", newline="") as lines:
        yield lines


@contextmanager
def _spreadsheet(path: Path) -> Iterator[IO[str]]:
    """Let a child with limits on memory and time turn it into CSV: whatever is in it, only the child dies."""
    command = [sys.executable, "-m", "server.catalogue.files.spreadsheet", str(path), str(MOST_ROWS)]
    with subprocess.Popen(  # noqa: S603 - our own module, and a path that is an argument, never a command
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", errors="replace"
    ) as child:
        assert child.stdout is not None  # noqa: S101 - it is piped
        try:
            yield child.stdout
            _ended_well(child, path.name)
        except Invalid:
            if not child.stdout.read(1):  # the child said all it had to say: it may know better why
                _ended_well(child, path.name)
            raise
        finally:
            child.kill()


def _ended_well(child: subprocess.Popen[str], name: str) -> None:
    _, said = child.communicate()
    if child.returncode:
        reason = said.strip().splitlines()[-1] if child.returncode == 2 and said.strip() else ""
        msg = f"{name} cannot be opened safely: {reason or 'it takes too much memory or time'}."
        raise Invalid(msg)


def _rows(lines: IO[str], name: str) -> Iterator[tuple[int, Cells]]:
    header, separator = _header(lines, name)
    number = 1
    try:
        for number, row in enumerate(csv.reader(lines, delimiter=separator, strict=True), 2):
            if any(row):
                yield number, _cells(header, row, f"row {number} of {name}")
            if number > MOST_ROWS + 1:
                msg = f"{name} has more than {MOST_ROWS:,} rows; cut it into parts."
                raise Invalid(msg)
    except UnicodeDecodeError as error:
        msg = f"After row {number} {name} is not UTF-8; save it as “CSV UTF-8”."
        raise Invalid(msg) from error
    except csv.Error as error:
        msg = f"After row {number} {name} cannot be read as CSV: {error}."
        raise Invalid(msg) from error


def _header(lines: IO[str], name: str) -> tuple[list[str], str]:
    try:
        first = lines.readline(MOST_CELL)
    except UnicodeError as error:
        msg = f"{name} is neither a spreadsheet nor text in UTF-8; save it as XLSX or “CSV UTF-8”."
        raise Invalid(msg) from error
    separator = max(SEPARATORS, key=first.count)
    header = [plain(cell.strip()) for cell in next(csv.reader([first], delimiter=separator), [])]
    named = [column for column in header if column]
    if not named or len(header) > MOST_COLUMNS or len(set(named)) < len(named):
        msg = f"{name} needs a first row with the name of each column, each once, {MOST_COLUMNS} at most."
        raise Invalid(msg)
    return header, separator


def _cells(header: list[str], row: list[str], place: str) -> Cells:
    if any(row[len(header) :]) or any(cell for column, cell in zip(header, row, strict=False) if not column):
        msg = f"In {place} a cell stands outside the named columns; is a quote or separator missing?"
        raise Invalid(msg)
    if any(len(cell) > MOST_CELL or "\x00" in cell for cell in row):
        msg = f"In {place} a cell has more than {MOST_CELL:,} characters, or one that is no text."
        raise Invalid(msg)
    return {column: plain(cell.strip()) for column, cell in zip(header, row, strict=False) if column}


def write(path: Path, rows: Callable[[], Iterable[Mapping[str, str]]], first: Iterable[str] = ()) -> int:
    """Write rows as CSV or, by the name's ending, XLSX; return how many. `rows` is asked for twice."""
    columns = list(dict.fromkeys([*first, *(column for row in rows() for column in row)]))
    lines = ([tame(row.get(column, "")) for column in columns] for row in rows())
    if path.suffix.lower() == ".xlsx":
        return _write_spreadsheet(path, columns, lines)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(columns)
        return sum(bool(writer.writerow(line)) for line in lines)


def _write_spreadsheet(path: Path, columns: list[str], lines: Iterable[list[str]]) -> int:
    count = 0
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for count, line in enumerate(chain([columns], lines)):
            for place, cell in enumerate(line):
                sheet.write_string(count, place, cell)
    return count


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
