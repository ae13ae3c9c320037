"""When taps were, in seconds, from whatever a file has: numbers of any usual unit, dates, or texts of dates."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

UNITS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))
"""From which size on a moment is in nano-, micro- or milliseconds: in seconds it would be after the year 5000."""


def seconds_of(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return seconds since 1970; numbers are told apart by their size, texts may be numbers or ISO 8601.

    A moment without a zone is taken for UTC. Raises pa.ArrowInvalid for what is neither.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        return seconds_of(column.cast(kind.value_type))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return seconds_of(_parsed(column))
    if pa.types.is_date(kind):
        return seconds_of(column.cast(pa.timestamp("ms")))
    if pa.types.is_timestamp(kind):
        micro = pc.cast(column, pa.timestamp("us", kind.tz), safe=False)
        return pc.divide(pc.cast(micro, pa.int64()).cast(pa.float64()), 1e6)
    return _by_size(pc.cast(column, pa.float64(), safe=False))


def _parsed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    for kind in (pa.float64(), pa.timestamp("ns"), pa.timestamp("ns", "UTC")):
        try:
            return pc.cast(column, kind)
        except pa.ArrowInvalid:
            continue
    msg = f"timestamp {column[0].as_py()!r} is neither a number nor a date and time such as 2026-11-28T09:30:00Z"
    raise pa.ArrowInvalid(msg)


def _by_size(numbers: pa.ChunkedArray) -> pa.ChunkedArray:
    usual = pc.quantile(pc.abs(numbers), 0.5)[0].as_py() or 0.0
    parts = next((parts for size, parts in UNITS if usual >= size), 1.0)
    return pc.divide(numbers, parts)
