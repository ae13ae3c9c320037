"""A connection that died while it rested is found dead before anybody asks it something."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from server.alive import ask_idle


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.parametrize(("rest_seconds", "refused"), [(0.0, 0), (60.0, 1)])
def test_who_rested_is_asked_and_who_was_just_in_use_fails_once(
    engine: Engine, rest_seconds: float, refused: int
) -> None:
    pooled, failed = create_engine(engine.url, pool_size=2), 0
    ask_idle(pooled, rest_seconds)
    with pooled.connect() as one, pooled.connect() as other:
        ids = [each.scalar(text("SELECT pg_backend_pid()")) for each in (one, other)]
    with engine.begin() as killer:
        killer.execute(text("SELECT pg_terminate_backend(pid, 5000) FROM unnest(:ids) AS pid"), {"ids": ids})
    for _ in range(3):
        try:
            with pooled.connect() as connection:
                assert connection.scalar(text("SELECT 1")) == 1
        except DBAPIError:
            failed += 1
    assert failed == refused
    pooled.dispose()
