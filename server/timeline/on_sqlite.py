"""How SQLite takes a group of events: as rows that are stored as they are, so the driver looks at no value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy import JSON, Connection, Uuid

from server.db import UtcMoment
from server.timeline import rollups
from server.timeline.models import LATEST, OF_VARIANT, Event

_LENGTH = len("2026-01-01 00:00:00.000000")


def _moment(value: datetime) -> str:
    in_utc = value if not value.utcoffset() else value.astimezone(UTC)
    return in_utc.isoformat(" ", "microseconds")[:_LENGTH]


def _document(value: object) -> str:
    return to_json(value).decode()


_STORED: dict[type, Callable[[Any], str]] = {Uuid: lambda value: value.hex, UtcMoment: _moment, JSON: _document}
"""How SQLAlchemy's types are stored here, which is how it reads them."""

_COLUMNS = [(column.name, _STORED.get(type(column.type))) for column in Event.__table__.columns]

_CLAIM = """
INSERT INTO event_key (id, payload_hash)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?) WHERE true
ON CONFLICT (id) DO NOTHING RETURNING id
"""
_INSERT = (
    f"INSERT INTO event ({', '.join(name for name, _ in _COLUMNS)}) "  # noqa: S608 - nothing in it is anybody's
    f"VALUES ({', '.join('?' for _ in _COLUMNS)})"
)
_NAMES = [name for name, _ in _COLUMNS]
_OUT = itemgetter(_NAMES.index("id"), _NAMES.index("corrected_at"))
_PUT_OUT = "INSERT INTO event_outbox (event_id, corrected_at) VALUES (?, ?)"
_AROUND = f"""
SELECT (SELECT json_group_object(scope, number) FROM revision WHERE scope IN (SELECT value FROM json_each(?))),
       (SELECT json_group_object(value, json((
            SELECT json_group_array(seen) FROM (SELECT seen FROM (
                SELECT product_id || coalesce(char({ord(OF_VARIANT)}) || gtin, '') AS seen, corrected_at FROM event
                WHERE visit_id = value AND product_id IS NOT NULL ORDER BY corrected_at DESC LIMIT {LATEST}
            ) ORDER BY corrected_at)
        ))) FROM json_each(?))
"""  # noqa: S608 - nothing in it is anybody's


def write(
    connection: Connection,
    rows: Sequence[dict[str, Any]],
    *,
    scopes: Collection[str | None],
    visits: Sequence[UUID],
) -> tuple[set[UUID], dict[str | None, int], dict[UUID, tuple[str, ...]]]:
    """Write the rows; return the ids that are new, the revisions of `scopes`, the latest products of `visits`."""
    keys = _document([[row["id"].hex, row["payload_hash"]] for row in rows])
    new = {UUID(one) for (one,) in connection.exec_driver_sql(_CLAIM, (keys,))}
    fresh = [row for row in rows if row["id"] in new] if len(new) < len(rows) else rows
    if fresh:
        stored = _stored(fresh)
        connection.exec_driver_sql(_INSERT, stored)
        rollups.add(connection, Counter(map(rollups.hour_of, fresh)))
        connection.exec_driver_sql(_PUT_OUT, [_OUT(row) for row in stored])
    asked = (_document(list(scopes)), _document([visit.hex for visit in visits]))
    revisions, seen = connection.exec_driver_sql(_AROUND, asked).one()
    looked = {UUID(visit): tuple(products) for visit, products in from_json(seen).items()}
    return new, from_json(revisions), looked


def _stored(rows: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
    told: dict[int, str] = {}  # of each object once: when it came, and what was agreed to, all rows share
    return list(
        zip(*(_column([row[name] for row in rows], stored, told) for name, stored in _COLUMNS), strict=True)
    )


def _column(values: list[Any], stored: Callable[[Any], str] | None, told: dict[int, str]) -> list[Any]:
    if stored is None:
        return values
    column: list[Any] = []
    for value in values:
        text = None if value is None else told.get(id(value))
        if text is None and value is not None:
            text = told[id(value)] = stored(value)
        column.append(text)
    return column
