"""The documents prices are made from, in the database: under the hash of what they say, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.db import Base
from server.promotions.models import PriceDocument
from server.promotions.rules.versions import Documents, Json, digest

PARTS = ("catalogue", "prices", "promotions", "rules")
FRESH = timedelta(days=7)
"""How exactly a document says when it was last on a shelf."""


def add_new(connection: Connection, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows that are not there yet; sorted by who calls, so that two who add the same never wait."""
    if rows:
        connection.execute(insert_for(connection, table).on_conflict_do_nothing(), rows)


def put_on_shelf(engine: Engine, bodies: Mapping[str, Json], now: datetime) -> None:
    """Keep what the cards of a shelf are made from, in a transaction of its own.

    A kiosk may tell of a price on them long after.
    """
    if not bodies:
        return
    with engine.begin() as connection:
        fresh = insert_for(connection, PriceDocument)
        known = fresh.on_conflict_do_update(
            index_elements=[PriceDocument.hash],
            set_={"kept_at": fresh.excluded.kept_at},
            where=PriceDocument.kept_at.is_(None) | (PriceDocument.kept_at < now - FRESH),
        )
        connection.execute(known, [{"hash": key, "body": bodies[key], "kept_at": now} for key in sorted(bodies)])


def documents_of(session: Session, versions: Mapping[str, str | None]) -> Documents | None:
    """Return what a price was made from; None where a document is lost or does not say what its hash says."""
    found = {part: session.get(PriceDocument, versions[part]) for part in PARTS if versions[part]}
    bodies = {part: document.body for part, document in found.items() if document is not None}
    whole = len(bodies) == len(PARTS) and all(digest(bodies[part]) == versions[part] for part in PARTS)
    return Documents(**bodies) if whole else None


def insert_for(connection: Connection, table: type[Base]) -> Any:
    """Return an insert into a table, in the words of the connection's kind of database."""
    return {"postgresql": postgresql.insert, "sqlite": sqlite.insert}.get(connection.dialect.name, insert)(table)
