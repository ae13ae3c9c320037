"""Rows put on the timeline, and what stands around them: which are new, the revisions, what their visits saw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import JSON, Connection, Text, bindparam, cast, column, func, insert, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite

from server.db import CHAIN, Revision
from server.timeline.models import Event, EventKey

Row = dict[str, Any]
COLUMNS = Event.__table__.columns

LATEST = 20
"""Products of a visit that an answer looks back on: what was seen before weighs next to nothing in it."""


@dataclass(frozen=True, slots=True)
class Around:
    """The ids that are new, the revision each store has, and the latest products each visit saw, oldest first.

    What visits saw is found for what devices tell alone: only they are answered with what goes with it.
    """

    new: set[UUID]
    revisions: dict[str | None, int]
    seen: dict[UUID | None, tuple[str, ...]]


def write_rows(connection: Connection, rows: Sequence[Row]) -> Around:
    """Insert the rows (each id once) whose ids are not there yet, in the caller's transaction."""
    ordered = sorted(rows, key=lambda row: row["id"].int)  # one order for all writers: no deadlock
    return _WRITERS[connection.dialect.name](connection, ordered)


def _last_seen(*columns: Any, visit: Any) -> Any:
    """Return the select of a visit's latest products, read from the end of its index, however long it goes on."""
    wanted = select(*columns).where(Event.visit_id == visit, Event.product_id.is_not(None))
    return wanted.order_by(Event.corrected_at.desc()).limit(LATEST)


def _seen_on_sqlite() -> Any:
    visits = func.json_each(bindparam("visits", type_=Text)).table_valued("value", name="visits")
    latest = Event.id.in_(_last_seen(Event.id, visit=visits.c.value).correlate(visits))
    seen = select(Event.visit_id, Event.product_id).join_from(visits, Event, latest)
    return seen.order_by(Event.corrected_at)


_SEEN_ON_SQLITE = _seen_on_sqlite()


def _on_sqlite(connection: Connection, rows: Sequence[Row]) -> Around:
    claimed = sqlite.insert(EventKey).on_conflict_do_nothing(index_elements=[EventKey.id]).returning(EventKey.id)
    asked = [{"id": row["id"], "payload_hash": row["payload_hash"]} for row in rows]
    new = set(connection.execute(claimed, asked).scalars())
    if new:
        connection.execute(insert(Event), [row for row in rows if row["id"] in new])
    stores = {row["store_id"] for row in rows}
    numbers = select(Revision.scope, Revision.number).where(Revision.scope.in_({*stores, CHAIN}))
    revisions = dict(connection.execute(numbers).all())
    visits = {row["visit_id"].hex for row in rows if row["device_id"]}
    seen: dict[UUID | None, tuple[str, ...]] = {}
    for visit, product in connection.execute(_SEEN_ON_SQLITE, {"visits": to_json(visits).decode()}):
        seen[visit] = (*seen.get(visit, ()), str(product))
    chain = revisions.get(CHAIN, 0)
    return Around(new, {store: revisions.get(store, 0) + chain for store in stores}, seen)


def _one_statement() -> Any:
    """Return the statement that takes all rows as one JSON document: parsing it is PostgreSQL's work, not ours."""
    document = cast(bindparam("rows", type_=Text), JSON)
    given = func.json_populate_recordset(literal_column("NULL::event"), document)
    sent = select(given.table_valued(*(column(c.name, c.type) for c in COLUMNS), name="given")).cte("sent")
    asked = postgresql.insert(EventKey).from_select(["id", "payload_hash"], select(sent.c.id, sent.c.payload_hash))
    claimed = asked.on_conflict_do_nothing(index_elements=[EventKey.id]).returning(EventKey.id).cte("claimed")
    claims = select(sent).join(claimed, claimed.c.id == sent.c.id)
    new = postgresql.insert(Event).from_select([c.name for c in COLUMNS], claims).returning(Event.id).cte("new")
    revision = select(func.coalesce(func.sum(Revision.number), 0)).where(
        Revision.scope.in_([sent.c.store_id, CHAIN])
    )
    last = _last_seen(Event.product_id, Event.corrected_at, visit=sent.c.visit_id)
    told_by_device = last.where(sent.c.device_id.is_not(None)).correlate(sent).subquery("last")
    products = postgresql.aggregate_order_by(told_by_device.c.product_id, told_by_device.c.corrected_at)
    seen = select(func.array_agg(products))
    return select(
        sent.c.id,
        new.c.id.is_not(None),
        sent.c.store_id,
        revision.scalar_subquery(),
        sent.c.visit_id,
        seen.scalar_subquery(),
    ).join_from(sent, new, sent.c.id == new.c.id, isouter=True)


_ON_POSTGRESQL = _one_statement()


def _on_postgresql(connection: Connection, rows: Sequence[Row]) -> Around:
    around = Around(set(), {}, {})
    for event_id, new, store, revision, visit, seen in connection.execute(
        _ON_POSTGRESQL, {"rows": to_json(rows).decode()}
    ):
        if new:
            around.new.add(event_id)
        around.revisions[store] = int(revision)
        around.seen[visit] = tuple(seen or ())
    return around


_WRITERS: dict[str, Callable[[Connection, Sequence[Row]], Around]] = {
    "sqlite": _on_sqlite,
    "postgresql": _on_postgresql,
}
