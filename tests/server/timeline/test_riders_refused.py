"""What rides along and is refused for what it says is put aside after one try alone; an outage keeps them all."""

from __future__ import annotations

import logging
from dataclasses import replace
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError

from server.errors import Unavailable
from server.recommendations.shown import ShownLog
from server.timeline.group_commit import Writer
from server.timeline.recording import Entry
from server.timeline.refused import is_refused, is_spoilt
from server.timeline.refused_entries import Refused
from tests.server.timeline.test_riding import entry, stored

GOOD = [entry(number) for number in (100, 102, 103)]


def spoilt() -> Entry:
    return replace(entry(101), row=entry(101).row | {"kind": None})


def riding(engine: Engine, riders: list[Entry]) -> tuple[Writer, ShownLog]:
    writer = Writer(engine)
    writer.riding.board(riders)
    return writer, ShownLog(writer)


@pytest.fixture
def shop(client: FlaskClient, engine: Engine) -> Engine:
    return engine


@pytest.mark.parametrize("beside", [GOOD, []], ids=["with others", "alone"])
def test_written_by_themselves_the_refused_one_is_put_aside_and_the_others_are_stored(
    shop: Engine, caplog: pytest.LogCaptureFixture, beside: list[Entry]
) -> None:
    writer, log = riding(shop, [*beside[:1], spoilt(), *beside[1:]])
    with caplog.at_level(logging.ERROR):
        log.flush()
    assert stored(shop) == {one.row["id"].int for one in beside}
    assert (len(writer.riding), writer.riding.put_aside) == (0, 1)
    [told] = [one.getMessage() for one in caplog.records]
    assert told.startswith(f"Event {UUID(int=101)} cannot be written for what it says. It is put aside")


def test_beside_a_tap_that_is_refused_too_it_is_put_aside_and_the_others_are_stored(shop: Engine) -> None:
    writer, log = riding(shop, [spoilt(), *GOOD])
    with pytest.raises(Refused):
        writer.write([replace(entry(1), row=entry(1).row | {"kind": None})])
    assert (len(writer.riding), writer.riding.put_aside) == (len(GOOD), 1)
    log.flush()
    assert stored(shop) == {100, 102, 103}


def test_an_outage_keeps_them_all_in_their_order(shop: Engine) -> None:
    writer, log = riding(shop, [GOOD[0], spoilt(), *GOOD[1:]])
    waiting = [GOOD[0], spoilt(), *GOOD[1:]]
    with shop.begin() as connection:
        connection.execute(text("ALTER TABLE event RENAME TO gone"))
    for again in (log.flush, lambda: writer.write_each(writer.riding.take(9))):
        again()
        assert writer.riding.put_aside == 0
        riders = writer.riding.take(9)
        assert [one.row["id"] for one in riders] == [one.row["id"] for one in waiting]
        writer.riding.back(riders)
    with shop.begin() as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO event"))
    log.flush()
    assert (stored(shop), writer.riding.put_aside) == ({100, 102, 103}, 1)


def test_how_many_were_put_aside_is_among_the_figures(client: FlaskClient) -> None:
    writer: Writer = client.application.extensions["timeline_writer"]
    writer.riding.settle([spoilt()], [ValueError("what it says")])
    registry = client.application.extensions["registry"]
    assert registry.get_sample_value("shelftalker_events_put_aside") == 1


class TooLarge(Exception):
    sqlstate = "54000"


class Gone(Exception):
    sqlstate = "57P01"


@pytest.mark.parametrize(
    ("error", "refused"),
    [
        (OperationalError("", {}, TooLarge()), True),
        (OperationalError("", {}, Gone()), False),
        (StatementError("cannot be bound", "", {}, TypeError()), True),
        (DBAPIError("", {}, TooLarge(), connection_invalidated=True), False),
    ],
    ids=["beyond a limit", "shut down", "cannot be bound", "line lost"],
)
def test_what_is_about_the_content(error: StatementError, refused: bool) -> None:
    assert is_spoilt(error) == refused
    away = Unavailable("away")
    away.__cause__ = error
    assert is_refused(away) == refused
