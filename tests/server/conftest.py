"""The server's tests: the small shop on both engines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.clock import FakeClock
from tests.shopfloor import furnish, open_app


@pytest.fixture
def clock() -> FakeClock:
    """The server's clock."""
    return FakeClock()


@pytest.fixture
def app(database_url: str, engine: Engine, clock: FakeClock) -> Iterator[Flask]:
    """The real app on the small shop."""
    with Session(engine) as session:
        furnish(session)
    made = open_app(database_url, clock)
    yield made
    made.extensions["house"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of it."""
    return app.test_client()
