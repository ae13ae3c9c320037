"""What did not fit is shown, repaired and taken again, and stands where it would have stood."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from server.errors import Invalid, NotFound
from server.settings import ServerSettings
from server.terminal import Terminal
from server.timeline.failed.commands import failed_events
from server.timeline.models import Event, FailedEvent
from tests.clock import NOW, FakeClock

GOOD = {
    "type": "track",
    "event": "Product Viewed",
    "messageId": "m1",
    "anonymousId": "a",
    "properties": {"price": 9},
}
BAD = {**GOOD, "properties": {"price": "much"}}


def run(url: str, clock: FakeClock, *words: str, told: str = "") -> str:
    terminal = Terminal(lambda: ServerSettings(database_url=url), clock, bytes)
    done = CliRunner().invoke(failed_events, words, obj=terminal, input=told)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_a_message_is_repaired_and_stands_where_it_would_have_stood(
    sources: Flask, engine: Engine, database_url: str, clock: FakeClock
) -> None:
    client = sources.test_client()
    client.post("/v1/batch", json={"batch": [BAD]}, headers={"X-Write-Key": "wk_web"})
    with Session(engine) as session:
        [failed] = session.scalars(select(FailedEvent))
    assert "properties.price" in run(database_url, clock, "list")
    assert json.loads(run(database_url, clock, "show", str(failed.id))) == BAD
    clock.advance(3600)
    with pytest.raises(Invalid, match="price"):
        run(database_url, clock, "repair", str(failed.id), told=json.dumps(BAD))
    with pytest.raises(Invalid, match="JSON"):
        run(database_url, clock, "repair", str(failed.id), told="{")
    run(database_url, clock, "repair", str(failed.id), told=json.dumps(GOOD))
    with Session(engine) as session:
        [event] = session.scalars(select(Event))
    assert (event.message_id, event.corrected_at, event.properties) == ("m1", NOW, {"price": 9})
    assert run(database_url, clock, "list") == ""
    again = client.post("/v1/batch", json={"batch": [GOOD]}, headers={"X-Write-Key": "wk_web"}).get_json()
    assert again["duplicates"] == 1


def test_a_replay_takes_what_fits_by_now_and_leaves_the_rest(
    sources: Flask, engine: Engine, database_url: str, clock: FakeClock
) -> None:
    client = sources.test_client()
    cloud = {"specversion": "1.0", "id": "1", "source": "s", "type": "", "data": {}}
    client.post("/v1/cloudevents", json=[cloud], headers={"X-Write-Key": "wk_web"})
    client.post("/v1/batch", json={"batch": [BAD]}, headers={"X-Write-Key": "wk_web"})
    assert "0 went" in run(database_url, clock, "replay")
    with Session(engine) as session, session.begin():  # as when a newer version knows what it means
        wanted = update(FailedEvent).where(FailedEvent.code == "cloudevent")
        session.execute(wanted.values(message={**cloud, "type": "rung"}))
    assert "1 went on the timeline; 1 still" in run(database_url, clock, "replay", "--source", "web")
    assert "0 went on the timeline; 1 still" in run(database_url, clock, "replay")
    with pytest.raises(NotFound, match="list"):
        run(database_url, clock, "show", "00000000-0000-0000-0000-000000000000")
