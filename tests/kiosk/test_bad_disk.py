"""A disk that fails costs no answer and no tap: letters wait in memory, and the file is opened anew."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from hardware.reader import Arrived
from hardware.tag import Outcome, TagRead
from kiosk.errors import OutboxUnfit
from kiosk.keeping import Keeping
from kiosk.outbox import Letter, Outbox
from kiosk.screen import Showing
from kiosk.sync import Sync
from tests.clock import FakeClock
from tests.kiosk.stand_ins import UID, AnyServer, make_agent

ARRIVED = Arrived(TagRead(UID, "NTAG213", None, Outcome.OK))


class Disk:
    """Whether statements that write work, and how often the file was opened on it."""

    works = True
    opened = 0


def on(disk: Disk) -> type[sqlite3.Connection]:
    """Return a kind of connection whose writes fail while the disk does not work."""

    class Connection(sqlite3.Connection):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            disk.opened += 1

        def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
            if not disk.works and statement.startswith(("INSERT", "UPDATE", "DELETE", "BEGIN")):
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorcode = sqlite3.SQLITE_IOERR
                raise error
            return super().execute(statement, *values)

    return Connection


def letters(*ids: str) -> list[Letter]:
    return [Letter(one, "tap", "{}", 1) for one in ids]


def ids(found: list[Letter]) -> list[str]:
    return [letter.id for letter in found]


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def outbox(tmp_path: Path, disk: Disk) -> Outbox:
    return Outbox(tmp_path / "o.sqlite", connection=on(disk))


def test_after_an_error_the_file_is_opened_anew(outbox: Outbox, disk: Disk) -> None:
    disk.works = False
    with pytest.raises(OutboxUnfit, match="see that the disk works"):
        outbox.add(*letters("a"))
    disk.works = True
    outbox.add(*letters("b"))
    assert disk.opened == 2
    assert ids(outbox.waiting("tap", 9)) == ["b"]


def test_what_the_disk_refuses_waits_in_memory_and_goes_to_the_disk_when_it_works(
    outbox: Outbox, disk: Disk
) -> None:
    keeping = Keeping(outbox)
    assert keeping.keep(*letters("a"))
    disk.works = False
    assert not keeping.keep(*letters("b"))
    assert (keeping.unrecorded, ids(keeping.waiting("tap", 9))) == (1, ["b"])
    assert "see that the disk works" in keeping.words
    disk.works = True
    keeping.keep_again()
    assert (keeping.unrecorded, keeping.words) == (0, "")
    assert ids(outbox.waiting("tap", 9)) == ["a", "b"]


def test_what_is_in_memory_only_is_delivered_from_there(tmp_path: Path, disk: Disk) -> None:
    clock = FakeClock()
    with AnyServer() as server:
        outbox = Outbox(tmp_path / "o.sqlite", connection=on(disk))
        agent = make_agent(tmp_path, server.address, clock, outbox=outbox)
        disk.works = False
        agent.listen(ARRIVED)
        assert isinstance(agent.state().view, Showing), "a bad disk must not cost the answer"
        sync = Sync(agent, now=clock, chance=random.Random(1), boot_id="b")
        beat = sync.heartbeat()
        assert (beat.unrecorded, beat.waiting) == (1, 1)
        assert "see that the disk works" in beat.outbox_words
        clock.advance(10)
        with pytest.raises(OutboxUnfit):  # forgetting old letters needs the disk
            sync.drain_all()
        assert any(path.endswith("/batch") for path, _ in server.asked)
        assert (agent.keeping.unrecorded, agent.keeping.waiting("tap", 9)) == (0, [])


def test_a_letter_that_reached_the_disk_in_spite_of_the_error_is_one_letter(outbox: Outbox) -> None:
    keeping = Keeping(outbox)
    keeping.keep(*letters("a"))
    keeping.keep(*letters("a"))
    assert ids(outbox.waiting("tap", 9)) == ["a"]
