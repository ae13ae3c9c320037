"""`shelftalker sources`: a key is shown once, kept hashed, and ends when it is told to."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from server.access.rules import key_hash
from server.db import open_engine
from server.errors import Conflict, NotFound
from server.settings import ServerSettings
from server.terminal import Terminal
from server.timeline.sources.commands import sources
from tests.clock import NOW


@pytest.fixture
def url(sqlite_template: Path, tmp_path: Path) -> str:
    copy(sqlite_template, tmp_path / "shop.sqlite")
    return f"sqlite:///{tmp_path / 'shop.sqlite'}"


def run(url: str, *words: str, luck: int = 1) -> str:
    terminal = Terminal(lambda: ServerSettings(database_url=url), lambda: NOW, lambda n: bytes([luck]) * n)
    done = CliRunner().invoke(sources, words, obj=terminal)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_a_source_gets_a_key_that_is_shown_once_and_stored_hashed(url: str) -> None:
    key = run(url, "add", "web shop", "--channel", "web").strip()
    assert key.startswith("wk_")
    listed = run(url, "list")
    assert "web shop" in listed
    assert key not in listed
    with open_engine(url).connect() as connection:
        row = connection.execute(text("SELECT * FROM source")).mappings().one()
    assert row["key_hash"] == key_hash(key)
    assert key not in str(row)


def test_a_name_is_taken_once_a_key_is_renewed_and_ended(url: str) -> None:
    first = run(url, "add", "till", "--channel", "pos", "--may", "write", "--may", "vouch")
    with pytest.raises(Conflict, match="rotate"):
        run(url, "add", "till", "--channel", "pos", luck=2)
    assert run(url, "rotate", "till", luck=3) != first
    run(url, "revoke", "till")
    assert "revoked 2026-11-24" in run(url, "list")
    assert "vouch,write" in run(url, "list")
    with pytest.raises(NotFound, match="sources list"):
        run(url, "revoke", "other")
    with pytest.raises(NotFound, match="NONE"):
        run(url, "add", "shop", "--channel", "pos", "--store", "NONE")
    assert "Invalid value" in run(url, "add", "shop", "--channel", "fax")
