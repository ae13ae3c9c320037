"""Rows put on the timeline, counted and put out; and what stands around them: revisions, what their visits saw."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine

from server.db import CHAIN
from server.driver import LoopConnection, at_once, told_by_driver
from server.timeline import on_postgresql, on_sqlite
from server.timeline.consents.at_the_time import of_strangers, own_visits
from server.timeline.models import OF_VARIANT


@dataclass(frozen=True, slots=True)
class Around:
    """The ids that are new, the revision each store has, and the latest products each visit saw, oldest first.

    `variants` are the GTINs among what a visit saw.
    """

    new: set[UUID]
    revisions: Mapping[str | None, int]
    seen: Mapping[UUID, tuple[str, ...]]
    variants: Mapping[UUID, tuple[str, ...]]
    strangers: bool = False
    """Whether nobody was introduced in any of the visits, where that was asked."""


def write_rows(connection: Connection, rows: Sequence[dict[str, Any]], visits: Collection[UUID] = ()) -> Around:
    """Insert the rows of `Event` (each id once) whose ids are not there yet, count them and put them out in order.

    `visits` are those whose latest products are wanted. The caller's transaction waits for no other writer's after
    this: it may have the turn (`outbox.TURN`) by then.
    """
    write = {"sqlite": on_sqlite.write, "postgresql": on_postgresql.write}[connection.dialect.name]
    stores = _stores(rows)
    return _around(stores, write(connection, rows, scopes={*stores, CHAIN}, visits=list(visits)))


def write_strangers(engine: Engine, rows: Sequence[dict[str, Any]], visits: Collection[UUID]) -> Around:
    """Do so on PostgreSQL in one statement, which is all that is asked, and a transaction by itself.

    Raises `NoStranger`, with nothing written, where somebody was introduced in any of the visits.
    """
    asked = list(visits)
    told = _of_strangers(rows, asked)
    with at_once(engine) as connection:
        [[answer]] = told_by_driver(connection, engine.dialect, on_postgresql.WRITE, told=told)
    return _around(_stores(rows), on_postgresql.heard(answer, rows, asked), strangers=True)


async def write_strangers_soon(
    connection: LoopConnection, rows: Sequence[dict[str, Any]], visits: Collection[UUID]
) -> Around:
    """Do the same on an event loop, which is free while PostgreSQL writes."""
    asked = list(visits)
    told = _of_strangers(rows, asked)
    [[answer]] = await connection.told(on_postgresql.WRITE, told)
    return _around(_stores(rows), on_postgresql.heard(answer, rows, asked), strangers=True)


def _of_strangers(rows: Sequence[dict[str, Any]], visits: Sequence[UUID]) -> dict[str, str]:
    scopes, strangers = {*_stores(rows), CHAIN}, own_visits(rows)
    return on_postgresql.told_of(of_strangers(rows), scopes=scopes, visits=visits, strangers=strangers)


def _stores(rows: Sequence[dict[str, Any]]) -> set[str | None]:
    return {row["store_id"] for row in rows}


def _around(stores: Collection[str | None], written: on_postgresql.Written, *, strangers: bool = False) -> Around:
    new, numbers, told = written
    chain, seen, variants = numbers.get(CHAIN, 0), {}, {}
    for visit, looked in told.items():
        pairs = [one.partition(OF_VARIANT) for one in looked]
        seen[visit] = tuple([product for product, _, _ in pairs])
        variants[visit] = tuple([gtin for _, _, gtin in pairs if gtin])
    revisions = {store: numbers.get(store, 0) + chain for store in stores}
    return Around(new, revisions, seen, variants, strangers)
