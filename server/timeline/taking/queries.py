"""Messages that do not fit, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from server.timeline.models import FailedEvent

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def keep_failed(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep failed messages, each once however often it is sent, in the caller's transaction."""
    if rows:
        kept = _INSERT[connection.dialect.name](FailedEvent).on_conflict_do_nothing(index_elements=["id"])
        connection.execute(kept, list(rows))
