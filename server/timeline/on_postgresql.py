"""How PostgreSQL takes a group of events: as one document, in one statement, however many there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy import Connection

from server.driver import told_by_driver
from server.timeline.consents.at_the_time import NoStranger
from server.timeline.models import LATEST, OF_VARIANT, Event
from server.timeline.outbox import TURN

Written = tuple[set[UUID], dict[str | None, int], dict[UUID, tuple[str, ...]]]

_COLUMNS = ", ".join(column.name for column in Event.__table__.columns)

WRITE = f"""
WITH introduced AS MATERIALIZED (
    SELECT FROM introduction
    WHERE visit_id = ANY(ARRAY(SELECT json_array_elements_text(%(strangers)s::json)::uuid))
      AND (card_id IS NOT NULL OR customer_id IS NOT NULL)
    LIMIT 1
),
sent AS MATERIALIZED (
    SELECT * FROM json_populate_recordset(NULL::event, %(rows)s::json) WITH ORDINALITY
    WHERE NOT EXISTS (SELECT FROM introduced)
),
claimed AS (
    INSERT INTO event_key (id, payload_hash)
    SELECT id, payload_hash FROM sent ORDER BY id
    ON CONFLICT (id) DO NOTHING
    RETURNING id
),
new AS (
    INSERT INTO event ({_COLUMNS})
    SELECT {_COLUMNS} FROM sent JOIN claimed USING (id)
    RETURNING id, corrected_at, store_id, channel, kind
),
counted AS (
    INSERT INTO event_hour AS held (hour, store_id, channel, kind, events)
    SELECT date_trunc('hour', corrected_at, 'UTC') AS hour,
           coalesce(store_id, '') COLLATE "C" AS store, channel COLLATE "C" AS channel, kind COLLATE "C" AS kind,
           count(*)
    FROM new GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (hour, store_id, channel, kind) DO UPDATE SET events = held.events + excluded.events
    RETURNING 1
),
turn AS MATERIALIZED (
    SELECT pg_advisory_xact_lock({TURN}) FROM (SELECT count(*) AS hours FROM counted) AS done WHERE hours > 0
),
put_out AS (
    INSERT INTO event_outbox (event_id, corrected_at)
    SELECT new.id, new.corrected_at FROM turn CROSS JOIN new JOIN sent ON sent.id = new.id
    ORDER BY sent.ordinality
)
SELECT json_build_array(
    (SELECT json_agg(id) FROM sent WHERE NOT EXISTS (SELECT FROM claimed WHERE claimed.id = sent.id)),
    (SELECT json_object_agg(scope, number) FROM revision
     WHERE scope = ANY(ARRAY(SELECT json_array_elements_text(%(scopes)s::json)))),
    (SELECT json_agg(ARRAY(
        SELECT seen FROM (
            SELECT product_id || coalesce(chr({ord(OF_VARIANT)}) || gtin, '') AS seen, corrected_at FROM event
            WHERE visit_id = visit::uuid AND product_id IS NOT NULL ORDER BY corrected_at DESC LIMIT {LATEST}
        ) AS latest ORDER BY corrected_at
     ) ORDER BY place) FROM json_array_elements_text(%(visits)s::json) WITH ORDINALITY AS asked (visit, place)),
    EXISTS (SELECT FROM introduced)
)::text
"""  # noqa: S608 - nothing in it is anybody's
"""Each part waits for the one before: keys and counts are locked in one order by all writers, so that none waits
in a ring, and the turn is had before the outbox gives numbers. What it reads is as it was before."""


def write(
    connection: Connection,
    rows: Sequence[dict[str, Any]],
    *,
    scopes: Collection[str | None],
    visits: Sequence[UUID],
) -> Written:
    """Write the rows; return the ids that are new, the revisions of `scopes`, the latest products of `visits`."""
    told = told_of(rows, scopes=scopes, visits=visits)
    [[answer]] = told_by_driver(connection.connection, connection.dialect, WRITE, told=told)
    return heard(answer, rows, visits)


def told_of(
    rows: Sequence[dict[str, Any]],
    *,
    scopes: Collection[str | None],
    visits: Sequence[UUID],
    strangers: Collection[UUID] = (),
) -> dict[str, str]:
    """Return what `WRITE` is told; where somebody was introduced in a visit of `strangers`, it writes nothing."""
    sent = {"rows": rows, "scopes": [one for one in scopes if one], "visits": [*visits], "strangers": [*strangers]}
    return {name: to_json(one).decode() for name, one in sent.items()}


def heard(answer: str, rows: Sequence[dict[str, Any]], visits: Sequence[UUID]) -> Written:
    """Return the ids that are new, the revisions, and what visits saw, of its one value; raises `NoStranger`."""
    known, revisions, seen, introduced = from_json(answer)
    if introduced:
        raise NoStranger
    looked = {visit: tuple(products) for visit, products in zip(visits, seen or (), strict=True) if products}
    new = {row["id"] for row in rows}
    return new.difference(map(UUID, known or ())), revisions or {}, looked
