"""The file a tag writer leaves, and ours of the same columns: a row for each tag. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from server.catalogue.files.cells import cell, plain, tame
from server.errors import Invalid
from server.wire import Uid

COLUMNS = (
    "uid",
    "chip",
    "target",
    "uri",
    "content_hash",
    "signature",
    "locked",
    "protected",
    "written_at",
    "by",
    "outcome",
)
WRITTEN = "written"
"""The outcome of a tag that is what was ordered; others are in the file for the record only."""

MOST = 100_000

_LINE = r"^[^\x00]*$"  # PostgreSQL keeps no text with a zero in it

YesNo = Annotated[bool, BeforeValidator(lambda told: told or "no")]


class Written(BaseModel):
    """One tag as the writer left it; `target` is what it shall mean: `product:…`, `variant:…`, `sign:…` or ''."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    uid: Uid
    chip: Annotated[str, StringConstraints(max_length=32, pattern=_LINE)] = ""
    target: Annotated[str, StringConstraints(pattern=r"^$|^(product|variant|sign):[^\s\x00:]{1,64}$")] = ""
    uri: Annotated[str, StringConstraints(max_length=2048, pattern=_LINE)] = ""
    content_hash: Annotated[str, StringConstraints(pattern=r"^$|^[0-9a-fA-F]{64}$")] = ""
    signature: Annotated[str, StringConstraints(pattern=r"^$|^([0-9a-fA-F]{2}){16,64}$")] = ""
    locked: YesNo = False
    protected: YesNo = False
    written_at: Annotated[AwareDatetime | None, BeforeValidator(lambda told: told or None)] = None
    by: Annotated[str, StringConstraints(max_length=200, pattern=_LINE)] = ""
    outcome: Annotated[str, StringConstraints(max_length=40, pattern=_LINE)] = WRITTEN


def read_written(text: str) -> list[Written]:
    """Return the rows of a writer's file; raises `Invalid` naming the first line that cannot be right."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            msg = f"The file has no column {', '.join(missing)}; a tag writer's file has {', '.join(COLUMNS)}."
            raise Invalid(msg)
        found = [_read(rows.line_num, row) for row in islice(rows, MOST + 1)]
    except csv.Error as error:
        msg = f"After line {rows.line_num} the file cannot be read as CSV: {error}."
        raise Invalid(msg) from error
    if len(found) > MOST:
        msg = f"The file has more than {MOST:,} tags; cut it into parts."
        raise Invalid(msg)
    return found


def _read(line: int, row: Mapping[str, Any]) -> Written:
    try:
        return Written.model_validate({name: plain(row[name] or "") for name in COLUMNS})
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        msg = f"Line {line} of the file, {first['loc'][0]} {first['input']!r}: {first['msg']}."
        raise Invalid(msg) from error


def write_csv(rows: Iterable[Mapping[str, object]], columns: Iterable[str] = COLUMNS) -> str:
    """Return rows as CSV that opens in a spreadsheet as words: a cell that would be a formula gets a quote."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(columns), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _cell(value: object) -> str:
    return tame(cell(value)) if value else ("no" if value is False else "")
