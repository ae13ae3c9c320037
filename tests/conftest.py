"""What every room's tests may ask for: databases on both engines, a browser."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from server.db import open_engine
from server.migrations import upgrade
from tests.postgres import Cluster, NoPostgres, cluster

REQUIRED = os.environ.get("SHELFTALKER_TEST_ALL") == "1"
"""Set by deploy/test: what is missing then fails instead of being skipped."""


def _miss(sentence: str) -> None:
    if REQUIRED:
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """A running PostgreSQL with an up-to-date database `template` to copy.

    In a folder of its own: another pytest that starts closes pytest's common folder to every other account.
    """
    try:
        with TemporaryDirectory(prefix="shelftalker-postgres-") as folder, cluster(Path(folder)) as running:
            _run(running, "CREATE DATABASE shop_template")
            upgrade(running.url("shop_template"))
            yield running
    except NoPostgres as missing:
        _miss(str(missing))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An up-to-date SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    upgrade(f"sqlite:///{path}")
    return path


def _run(running: Cluster, statement: str) -> None:
    engine = create_engine(running.url("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, fully migrated database; the test runs once on each engine."""
    if request.param == "sqlite":
        path = tmp_path / "shop.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    running = request.getfixturevalue("postgres_cluster")
    name = f"shop_{uuid.uuid4().hex}"
    _run(running, f"CREATE DATABASE {name} TEMPLATE shop_template")
    yield running.url(name)
    _run(running, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on the test's own database."""
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on it; what the test does not commit is gone."""
    with Session(engine) as session:
        yield session


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A Playwright browser on the system's Chromium."""
    found = os.environ.get("SHELFTALKER_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        _miss("Chromium is not here: on Debian, `apt-get install chromium` brings it.")
    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found,
            args=[*quiet, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
        )
        yield browser
        browser.close()
