"""How PostgreSQL takes a group of events: as one document, in one statement, however many there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Connection, text

from server.timeline.consents.at_the_time import CardTapped
from server.timeline.models import LATEST, OF_VARIANT, Event
from server.timeline.outbox import TURN

_COLUMNS = ", ".join(column.name for column in Event.__table__.columns)

_WRITE = text(
    f"""
WITH carded AS MATERIALIZED (
    SELECT FROM introduction WHERE visit_id = ANY(CAST(:strangers AS uuid[])) AND card_id IS NOT NULL LIMIT 1
),
sent AS MATERIALIZED (
    SELECT * FROM json_populate_recordset(NULL::event, CAST(:rows AS json)) WITH ORDINALITY
    WHERE NOT EXISTS (SELECT FROM carded)
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
SELECT (SELECT array_agg(id) FROM new),
       (SELECT json_object_agg(scope, number) FROM revision WHERE scope = ANY(:scopes)),
       (SELECT json_object_agg(visit, products) FROM unnest(CAST(:visits AS uuid[])) AS visit, LATERAL (
            SELECT array_agg(seen ORDER BY corrected_at) AS products FROM (
                SELECT product_id || coalesce(chr({ord(OF_VARIANT)}) || gtin, '') AS seen, corrected_at FROM event
                WHERE visit_id = visit AND product_id IS NOT NULL ORDER BY corrected_at DESC LIMIT {LATEST}
            ) AS latest
        ) AS seen WHERE products IS NOT NULL),
       EXISTS (SELECT FROM carded)
"""  # noqa: S608 - nothing in it is anybody's
)
"""Each part waits for the one before: keys and counts are locked in one order by all writers, so that none waits
in a ring, and the turn is had before the outbox gives numbers. What it reads is as it was before."""


def write(
    connection: Connection,
    rows: Sequence[dict[str, Any]],
    *,
    scopes: Collection[str | None],
    visits: Collection[UUID],
    strangers: Collection[UUID] = (),
) -> tuple[set[UUID], dict[str | None, int], dict[UUID, tuple[str, ...]]]:
    """Write the rows; return the ids that are new, the revisions of `scopes`, the latest products of `visits`.

    Raises `CardTapped`, with nothing written, where a card was tapped in a visit of `strangers`.
    """
    given = {"rows": to_json(rows).decode(), "scopes": [one for one in scopes if one], "visits": list(visits)}
    asked = given | {"strangers": list(strangers)}
    new, revisions, seen, carded = connection.execute(_WRITE, asked).one()
    if carded:
        raise CardTapped
    looked = {UUID(visit): tuple(products) for visit, products in (seen or {}).items()}
    return set(new or ()), revisions or {}, looked
