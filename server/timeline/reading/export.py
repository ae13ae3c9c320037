"""All of the timeline as a file, made while it is sent: JSON Lines, or Parquet for a warehouse."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic_core import to_json

from server.timeline.reading.told import TimelineEvent

_MOMENT = pa.timestamp("us", tz="UTC")

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("kind", pa.dictionary(pa.int16(), pa.string())),
        ("event", pa.string()),
        ("version", pa.int16()),
        ("channel", pa.dictionary(pa.int16(), pa.string())),
        *((name, pa.string()) for name in ("source", "message_id", "store_id", "device_id", "visit_id")),
        *((name, pa.string()) for name in ("anonymous_id", "user_id", "subject", "product_id", "sign_id")),
        ("caused_by", pa.string()),
        *((name, _MOMENT) for name in ("occurred_at", "sent_at", "received_at", "corrected_at")),
        ("epoch", pa.string()),
        ("seq", pa.int64()),
        ("properties", pa.string()),
        ("consent", pa.string()),
    ]
)
"""The columns of `TimelineEvent`; properties and consent are JSON, for each kind has its own."""


def as_json_lines(events: Iterable[list[TimelineEvent]]) -> Iterator[bytes]:
    """Yield the events as JSON, a line each."""
    for some in events:
        yield b"".join(event.model_dump_json().encode() + b"\n" for event in some)


def as_parquet(events: Iterable[list[TimelineEvent]]) -> Iterator[bytes]:
    """Yield the bytes of a Parquet file, a row group for each list."""
    out = _Drained()
    with pq.ParquetWriter(pa.PythonFile(out, mode="w"), SCHEMA, compression="zstd") as writer:
        for some in events:
            writer.write_table(pa.Table.from_pylist([_row(event) for event in some], schema=SCHEMA))
            yield out.drain()
    yield out.drain()


def _row(event: TimelineEvent) -> dict[str, object]:
    moments = {"occurred_at", "sent_at", "received_at", "corrected_at"}
    whole = event.model_dump(include=moments)
    rest = event.model_dump(mode="json", exclude=moments | {"properties", "consent"})
    return {**whole, **rest, **{name: _json(getattr(event, name)) for name in ("properties", "consent")}}


def _json(document: dict[str, object] | None) -> str | None:
    return None if document is None else to_json(document).decode()


class _Drained(io.RawIOBase):
    """A file that is written and, every now and then, emptied."""

    def __init__(self) -> None:
        self._waiting, self._written = io.BytesIO(), 0

    def writable(self) -> bool:
        return True

    def write(self, more: object) -> int:
        length = self._waiting.write(more)  # type: ignore[arg-type]  # whatever pyarrow hands over is bytes-like
        self._written += length
        return length

    def tell(self) -> int:
        return self._written

    def drain(self) -> bytes:
        """Return what was written since it was last emptied."""
        found, self._waiting = self._waiting.getvalue(), io.BytesIO()
        return found
