"""The migrations make exactly the tables the program knows."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine

import server.app  # noqa: F401 - every model is known once the app is
from server.db import Base
from server.migrations import is_current


def test_the_database_is_what_the_models_say(engine: Engine) -> None:
    assert is_current(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
