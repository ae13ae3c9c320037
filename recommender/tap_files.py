"""Taps from CSV or Parquet: one row a tap, with session_id, item_id and timestamp."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from recommender.sessions import Sessions

COLUMNS = ("session_id", "item_id", "timestamp")


class BadTapFile(Exception):
    """Raised when a file of taps cannot be read; the message names the file and says what it needs."""


def read_sessions(*paths: Path) -> list[Sessions]:
    """Return the sessions of each file, their items numbered alike across all of them.

    `timestamp` is seconds or a date and time; an item's id may be a number or text. Raises `BadTapFile`.
    """
    tables = [_table(path) for path in paths]
    names, numbers = np.unique(
        np.concatenate([table["item_id"].cast(pa.string()).to_numpy() for table in tables]).astype(np.str_),
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
        read = parquet.read_table if path.suffix == ".parquet" else csv.read_csv
        table = read(path)
        missing = [name for name in COLUMNS if name not in table.column_names]
        if missing:
            msg = f"{path} has no column {', '.join(missing)}: it needs {', '.join(COLUMNS)}"
            raise BadTapFile(msg)
        table = table.select(COLUMNS).drop_null()
        return table.set_column(2, "timestamp", _seconds(table["timestamp"]))
    except (OSError, pa.ArrowException) as error:
        msg = f"{path} cannot be read as CSV or Parquet: {error}"
        raise BadTapFile(msg) from error


def _seconds(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_timestamp(column.type):
        return pc.divide(
            pc.cast(pc.cast(column, pa.timestamp("us", column.type.tz)), pa.int64()).cast("double"), 1e6
        )
    return pc.cast(column, pa.float64())
