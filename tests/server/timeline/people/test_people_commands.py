"""The operator's commands on people: an id typed in the clear is stored as a hash, a purge keeps what is young."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.cli import commands
from server.errors import SettingsError
from server.settings import ServerSettings, from_environment
from server.terminal import Terminal
from server.timeline.models import Event
from server.timeline.people.counted import counted
from server.timeline.people.models import Link
from server.timeline.people.retention import KINDS
from tests.clock import NOW, FakeClock
from tests.server.timeline.people.events import event

KEY = bytes(range(32)).hex()


class Desk:
    """An operator's terminal on one database."""

    def __init__(self, url: str) -> None:
        self.clock, self.numbers = FakeClock(), iter(range(1, 200))
        self.settings = ServerSettings(database_url=url, person_keys={"k1": bytes.fromhex(KEY)})

    def type(self, *words: str, lines: str = "") -> Result:
        given = Terminal(lambda: self.settings, self.clock, lambda n: bytes([next(self.numbers)] * n))
        command = commands.commands[words[0]]
        return CliRunner().invoke(command, words[1:], input=lines, obj=given)


@pytest.fixture
def desk(database_url: str) -> Desk:
    return Desk(database_url)


def test_a_card_is_never_stored_as_it_is(desk: Desk, engine: Engine) -> None:
    done = desk.type("people", "link", "card:4004321", "customer:Z9", "--reason", "enrolled")
    assert done.exit_code == 0, done.output
    with Session(engine) as session:
        (link,) = session.scalars(select(Link)).all()
        assert "4004321" not in f"{link.one_id}{link.other_id}"
    shown = desk.type("people", "why", "card:4004321", "customer:Z9")
    assert "enrolled" in shown.output
    assert "4004321" not in shown.output
    desk.settings = replace(desk.settings, person_keys={})
    assert isinstance(desk.type("people", "show", "card:4004321").exception, SettingsError)


def test_an_erasure_has_a_receipt_and_a_list_to_replay(desk: Desk, engine: Engine) -> None:
    desk.type("people", "link", "customer:Z9", "card:4004321", "--reason", "enrolled")
    assert "1 link" in desk.type("people", "erase", "customer:Z9").output
    listed = desk.type("people", "erased").output
    assert len(listed.split()) == 2
    desk.type("people", "link", "customer:Z9", "card:4004321", "--reason", "an older backup came back")
    assert "1 link" in desk.type("people", "replay", lines=listed).output
    with Session(engine) as session:
        assert not session.scalars(select(Link)).all()


def test_a_purge_takes_what_is_too_old_and_nothing_else(desk: Desk, engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        session.add_all([event(0), event(1, at=NOW - timedelta(days=40))])
    assert desk.type("retention", "event", "30").exit_code == 0
    assert "Deleted 1 event that was" in desk.type("purge").output
    assert "Deleted nothing that was" in desk.type("purge").output
    assert counted(dict.fromkeys(KINDS, 2)).count(",") == len(KINDS) - 2
    with Session(engine) as session:
        assert set(session.scalars(select(Event.id))) == {event(0).id}
    assert desk.type("retention", "customers", "30").exit_code != 0


@pytest.mark.parametrize("written", ["k1", f"k1={KEY[:-2]}", f"k1={'0' * 64}", f"k 1={KEY}"])
def test_a_key_that_is_none_is_refused_in_words(written: str) -> None:
    with pytest.raises(SettingsError, match="PERSON_KEYS"):
        from_environment({"SHELFTALKER_SECRET_KEY": "s" * 32, "SHELFTALKER_PERSON_KEYS": written})
