"""The child that opens a spreadsheet: the first sheet goes out as CSV, within limits of memory and time.

Whatever a file does to its reader (a zip bomb, a cell at the far corner of the sheet that makes it reserve the
whole), it does to this process, which ends. Exit 2 and a sentence on standard error where the file is refused.
"""

from __future__ import annotations

import csv
import resource
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

MEMORY = 640 * 1024 * 1024
"""Bytes of address space; a sheet of 100,000 rows and twelve columns needs about half."""
SECONDS = 60
MOST_MEMBERS, MOST_UNPACKED, MOST_RATIO = 200, 256 * 1024 * 1024, 100


class Refused(Exception):
    """Raised for a file that is not opened; the message says why."""


def check(path: Path) -> None:
    """Raise `Refused` for a file whose own table of contents says too much, before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as file:
            members = file.infolist()
    except zipfile.BadZipFile as error:
        msg = "it is damaged"
        raise Refused(msg) from error
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(packed, 1):
        msg = (
            f"it has {len(members)} parts that unpack to {unpacked:,} bytes, {unpacked // max(packed, 1)} for one"
        )
        raise Refused(msg)


def convert(path: Path, most_rows: int) -> None:
    """Write the first sheet of the file as CSV; raises `Refused` where it is none or has too many rows."""
    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    except Exception as error:  # the reader has an error of its own for each way a file is broken
        msg = "it is no spreadsheet that can be read"
        raise Refused(msg) from error
    if sheet.total_height > most_rows + 1:
        msg = f"it has more than {most_rows:,} rows; cut it into parts"
        raise Refused(msg)
    writer = csv.writer(sys.stdout)
    for row in sheet.iter_rows():
        writer.writerow([written(cell) for cell in row])


def written(cell: Any) -> str:
    """Return a cell as a person would type it: whole numbers without a point, times as ISO 8601."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    return cell.isoformat() if isinstance(cell, datetime | date) else str(cell)


def main(path: str, most_rows: str) -> int:
    """Set the limits, then open the file; return the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        check(Path(path))
        convert(Path(path), int(most_rows))
    except Refused as reason:
        sys.stderr.write(f"{reason}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
