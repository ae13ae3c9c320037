"""A small shop and the files given to it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.catalogue.files.commands import export_file, import_file
from server.db import Revision
from server.settings import ServerSettings
from server.terminal import Terminal
from tests.clock import NOW, FakeClock
from tests.shopfloor import furnish


class Shop:
    """The small shop, its folder of files, and the operator's two commands."""

    def __init__(self, url: str, engine: Engine, folder: Path) -> None:
        self.engine, self.folder, self.clock = engine, folder, FakeClock()
        self._terminal = Terminal(lambda: ServerSettings(database_url=url), self.clock, bytes)

    def file(self, text: str, name: str = "file.csv") -> Path:
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path

    def table(self, rows: Iterable[Mapping[str, str]], name: str = "file.csv") -> Path:
        rows = list(rows)
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(c for row in rows for c in row)))
            writer.writeheader()
            writer.writerows(rows)
        return path

    def type(self, kind: str, file: Path, *more: str) -> Result:
        return CliRunner().invoke(import_file, [kind, str(file), *more], obj=self._terminal)

    def give(self, kind: str, file: Path, *more: str) -> str:
        done = self.type(kind, file, *more)
        if done.exception:
            raise done.exception
        return done.output

    def undo(self, number: int) -> str:
        done = CliRunner().invoke(import_file, ["--undo", str(number)], obj=self._terminal)
        if done.exception:
            raise done.exception
        return done.output

    def export(self, kind: str, name: str) -> Path:
        done = CliRunner().invoke(export_file, [kind, str(self.folder / name)], obj=self._terminal)
        if done.exception:
            raise done.exception
        return self.folder / name

    def rows(self, model: type, **where: object) -> list[dict[str, object]]:
        columns = model.__table__.columns
        with Session(self.engine) as session:
            found = session.execute(select(*columns).filter_by(**where).order_by(*model.__table__.primary_key))
            return [dict(row) for row in found.mappings()]

    def revisions(self) -> dict[str, int]:
        with Session(self.engine) as session:
            return dict(session.execute(select(Revision.scope, Revision.number)).all())

    def at(self) -> datetime:
        return NOW


@pytest.fixture
def shop(database_url: str, engine: Engine, tmp_path: Path) -> Shop:
    with Session(engine) as session:
        furnish(session)
    folder = tmp_path / "files"
    folder.mkdir()
    return Shop(database_url, engine, folder)
