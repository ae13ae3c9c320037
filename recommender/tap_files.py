"""Taps from CSV or Parquet: one row a tap, with session_id, item_id and timestamp."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from recommender.moments import seconds_of
from recommender.sessions import Sessions

COLUMNS = ("session_id", "item_id", "timestamp")


class BadTapFile(Exception):
    """Raised when a file of taps cannot be read; the message names the file and says what it needs."""


def read_sessions(*paths: Path) -> list[Sessions]:
    """Return the sessions of each file, their items numbered alike across all of them.

    `timestamp` is a number of seconds (or of milli-, micro- or nanoseconds, told apart by their size) or a date
    and time; ids may be numbers or text. Rows without one of the three are passed over. Raises `BadTapFile`.
    """
    tables = [_table(path) for path in paths]
    names, numbers = np.unique(
        np.concatenate([table["item_id"].to_numpy() for table in tables]).astype(np.str_),
        return_inverse=True,
    )
    ids = tuple(names.tolist())
    borders = np.cumsum([0, *map(len, tables)])
    return [
        Sessions.from_rows(table["session_id"].to_numpy(), numbers[a:b], table["timestamp"].to_numpy(), ids=ids)
        for table, a, b in zip(tables, borders[:-1], borders[1:], strict=True)
    ]


def _table(path: Path) -> pa.Table:
    try:
        table = parquet.read_table(path) if _is_parquet(path) else _from_csv(path)
        missing = [name for name in COLUMNS if name not in table.column_names]
        if missing:
            msg = f"{path} has no column {', '.join(missing)}: it needs {', '.join(COLUMNS)}"
            raise BadTapFile(msg)
        table = table.select(COLUMNS).drop_null()
        table = table.set_column(1, "item_id", table["item_id"].cast(pa.string()))
        table = table.set_column(2, "timestamp", seconds_of(table["timestamp"]))
        return table.filter(pc.is_finite(table["timestamp"]))
    except (OSError, pa.ArrowException) as error:
        msg = f"{path} cannot be read as CSV or Parquet: {error}"
        raise BadTapFile(msg) from error


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _from_csv(path: Path) -> pa.Table:
    with pa.input_stream(str(path)) as file:
        head = file.read(1_000).split(b"\n")[0]
    separator = max(",;\t", key=lambda mark: head.count(mark.encode()))
    return csv.read_csv(path, parse_options=csv.ParseOptions(delimiter=separator))
