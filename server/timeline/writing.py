"""Rows put on the timeline, counted and put out; and what stands around them: revisions, what their visits saw."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from server.db import CHAIN
from server.timeline import on_postgresql, on_sqlite


@dataclass(frozen=True, slots=True)
class Around:
    """The ids that are new, the revision each store has, and the latest products each visit saw, oldest first."""

    new: set[UUID]
    revisions: Mapping[str | None, int]
    seen: Mapping[UUID, tuple[str, ...]]


def write_rows(connection: Connection, rows: Sequence[dict[str, Any]], visits: Collection[UUID] = ()) -> Around:
    """Insert the rows of `Event` (each id once) whose ids are not there yet, count them and put them out in order.

    `visits` are those whose latest products are wanted. The caller's transaction waits for no other writer's after
    this: it may have the turn (`outbox.TURN`) by then.
    """
    write = {"sqlite": on_sqlite.write, "postgresql": on_postgresql.write}[connection.dialect.name]
    stores = {row["store_id"] for row in rows}
    new, numbers, seen = write(connection, rows, scopes={*stores, CHAIN}, visits=visits)
    chain = numbers.get(CHAIN, 0)
    return Around(new, {store: numbers.get(store, 0) + chain for store in stores}, seen)
