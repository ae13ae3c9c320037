"""The list of a batch: a CSV file with one tag a row."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hardware.words import gettext as _
from hardware.writing.outcome import BadLink, message_of

MOST = 100_000
TARGET = re.compile(r"(product|variant|sign):[^\s:]{1,64}")
GTIN = re.compile(r"[0-9]{8}|[0-9]{12,14}")


class BadRows(ValueError):
    """Raised where a list cannot be worked on; the message names the file, the line and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one tag shall mean (`product:…`, `variant:GTIN`, `sign:…`) and the address that goes on it."""

    target: str
    uri: str


def read_rows(path: Path, link: str | None) -> list[Row]:
    """Return the rows of a CSV file with a column `gtin` or `target`, and maybe `uri`.

    Where a row has no address it becomes `link`/01/GTIN-14. Commas or semicolons may stand between the columns.
    Raises `BadRows`.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        msg = _("%(file)s cannot be read: %(why)s.") % {"file": path, "why": error.strerror}
        raise BadRows(msg) from error
    except UnicodeDecodeError as error:
        msg = _("%(file)s is not UTF-8 text: save it as CSV UTF-8.") % {"file": path}
        raise BadRows(msg) from error
    head = text.partition("\n")[0]
    table = csv.DictReader(text.splitlines(), delimiter=";" if head.count(";") > head.count(",") else ",")
    if not {"gtin", "target"} & set(table.fieldnames or ()):
        msg = _("%(file)s has no column gtin or target in its first line.") % {"file": path}
        raise BadRows(msg)
    rows = _rows(table, link, path)
    if not 0 < len(rows) <= MOST:
        msg = _("%(file)s has %(count)d rows: a batch has 1 to 100,000.") % {"file": path, "count": len(rows)}
        raise BadRows(msg)
    return rows


def _rows(table: csv.DictReader[str], link: str | None, path: Path) -> list[Row]:
    rows = []
    for cells in table:
        plain = {name: (cells.get(name) or "").strip() for name in ("gtin", "target", "uri")}
        if not any(plain.values()):
            continue
        try:
            rows.append(row_of(plain["gtin"] or plain["target"], plain["uri"], link))
        except ValueError as error:
            msg = _("Line %(line)d of %(file)s: %(why)s") % {"line": table.line_num, "file": path, "why": error}
            raise BadRows(msg) from error
    return rows


def row_of(meaning: str, uri: str, link: str | None) -> Row:
    """Return the row for a GTIN or target and an address ('' for none); raises ValueError with words."""
    if GTIN.fullmatch(meaning):
        gtin = meaning.zfill(14)
        if not check_digit_is_right(gtin):
            msg = _("the check digit of GTIN %(gtin)s is wrong.") % {"gtin": meaning}
            raise ValueError(msg)
        meaning = f"variant:{gtin}"
    if not TARGET.fullmatch(meaning):
        msg = _("%(target)r is no GTIN and no target: write product:ID, variant:GTIN or sign:ID.") % {
            "target": meaning
        }
        raise ValueError(msg)
    gtin = meaning.removeprefix("variant:")
    if not uri and (link is None or not re.fullmatch("[0-9]{14}", gtin)):
        msg = _("there is no address for %(target)s: give a column uri, or --link for GTINs.") % {
            "target": meaning
        }
        raise ValueError(msg)
    uri = uri or f"{(link or '').rstrip('/')}/01/{gtin}"
    try:
        message_of(uri)
    except BadLink as error:
        msg = _("%(uri)r is no web address that fits on a tag.") % {"uri": uri}
        raise ValueError(msg) from error
    return Row(meaning, uri)


def check_digit_is_right(digits: str) -> bool:
    """Return whether the last digit fits the others (GS1 General Specifications, section 7.9)."""
    weighed: Iterable[int] = (int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(reversed(digits)))
    return sum(weighed) % 10 == 0
