"""An older backup put back knows those erased since: `people replay` forgets them again, on both engines."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.orm import Session

from server.db import Base, open_engine
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind
from tests.clock import NOW
from tests.server.timeline.people.events import event
from tests.server.timeline.people.test_people_commands import Desk

UID = "04DDEEFF001122"


@pytest.fixture
def desk(database_url: str) -> Desk:
    return Desk(database_url)


def backup_of(engine: Engine, folder: Path) -> str:
    """Return the address of a copy of the database as it is now, made with the engine's own means."""
    engine.dispose()
    if engine.dialect.name == "sqlite":
        live, copy = sqlite3.connect(str(engine.url.database)), sqlite3.connect(folder / "backup.sqlite")
        with closing(live), closing(copy):
            live.backup(copy)
        return f"sqlite:///{folder / 'backup.sqlite'}"
    name = f"{engine.url.database}_backup"
    outside = create_engine(engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with outside.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{engine.url.database}"'))
    outside.dispose()
    return engine.url.set(database=name).render_as_string(hide_password=False)


def rows(engine: Engine) -> str:
    with Session(engine) as session:
        return " ".join(str(session.execute(select(table)).all()) for table in Base.metadata.sorted_tables)


def test_who_was_erased_since_the_backup_is_erased_in_it_and_their_card_stays_unlinked(
    desk: Desk, engine: Engine, tmp_path: Path
) -> None:
    desk.type("people", "link", "customer:Z9-erased", "card:4004321", "--reason", "enrolled")
    desk.type("people", "link", f"visit:{UUID(int=7, version=4)}", "card:4004321", "--reason", "agreed")
    desk.type("people", "link", "customer:Y8-stays", "card:5005432", "--reason", "enrolled")
    with Session(engine) as session, session.begin():
        theirs, others = event(1), event(2, UUID(int=8, version=4), at=NOW)
        theirs.user_id, others.user_id = "Z9-erased", "Y8-stays"
        session.add_all([theirs, others])
    restored = backup_of(engine, tmp_path)
    later = desk.type("people", "link", "customer:X7-later", f"card:{UID}", "--reason", "enrolled since")
    assert later.exit_code == 0, later.output
    for customer in ("Z9-erased", "X7-later"):
        assert desk.type("people", "erase", f"customer:{customer}").exit_code == 0
    listed = desk.type("people", "erased").output
    assert "Z9-erased" not in listed

    after = Desk(restored)
    old = open_engine(restored)
    assert "Z9-erased" in rows(old)
    told = after.type("people", "replay", lines=listed)
    assert told.exit_code == 0, told.output
    assert "2 links" in told.output
    left = rows(old)
    assert ("Z9-erased" in left, "Y8-stays" in left) == (False, True)
    hidden = PersonKeys(after.settings.person_keys).hidden(Id(IdKind.CARD, "4004321")).value
    assert hidden not in left
    again = after.type("people", "replay", lines=listed)
    assert "erase done" not in again.output, "there is nobody left to erase"
    assert set(listed.split()) <= set(after.type("people", "erased").output.split())
    old.dispose()
