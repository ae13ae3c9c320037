"""The migrations make exactly the tables the program knows."""

from __future__ import annotations

import re

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine

import server.app  # noqa: F401 - every model is known once the app is
from server.db import Base
from server.migrations import is_current


def _is_no_month(name: str | None, kind: str, _: object) -> bool:
    """Leave out the partitions of the timeline, which PostgreSQL lists as tables."""
    return not (kind == "table" and re.fullmatch(r"event_(\d{4}_\d{2}|default)", name or ""))


def test_the_database_is_what_the_models_say(engine: Engine) -> None:
    assert is_current(engine)
    with engine.connect() as connection:
        options = {"compare_type": True, "include_name": _is_no_month}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []
