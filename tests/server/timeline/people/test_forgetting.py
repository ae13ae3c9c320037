"""Seed a person everywhere, erase them, and look at every byte that is left; what was counted stays counted."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from server.db import Base
from server.timeline import partitions
from server.timeline.models import Event, EventHour, FailedEvent, Quarantine
from server.timeline.people import forgetting, queries, requests, retention
from server.timeline.people.erased import erased_hashes
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind, Link, RequestKind
from server.timeline.people.queries import Said
from tests.clock import NOW
from tests.server.timeline.conftest import SOURCES
from tests.shopfloor import as_device, tap

MARKERS = ("mk7-customer", "mk7.ada@example.com", "Ada Mk7 Lovelace", "mk7-anonymous", "mk7-card-4321", "mk7-note")
CUSTOMER = Id(IdKind.CUSTOMER, "mk7-customer")
CARD = Id(IdKind.CARD, "mk7-card-4321")
VISIT = Id(IdKind.VISIT, str(UUID(int=7, version=4)))
KEYS = PersonKeys({"2026": bytes(range(32)), "2025": bytes(range(1, 33))})
SAID = Said("test", "asked", NOW)


@pytest.fixture
def fresh() -> Iterator[object]:
    numbers = count(1000)
    return lambda: UUID(int=next(numbers), version=4)


def tell(app: Flask, path: str, body: dict[str, Any], *, status: int = 200) -> None:
    (web,) = [key for key, (name, *_) in SOURCES.items() if name == "web"]
    headers = {"Authorization": f"Bearer {web}"}
    answer = app.test_client().post(path, json=body, headers=headers)
    assert answer.status_code == status, answer.get_data(as_text=True)


def seed(app: Flask, engine: Engine) -> None:
    """Let the person be in every place where anything is kept, and somebody else beside them."""
    who = {"userId": "mk7-customer", "anonymousId": "mk7-anonymous"}
    traits = {"email": "mk7.ada@example.com", "name": "Ada Mk7 Lovelace"}
    tell(app, "/v1/identify", {**who, "messageId": "m1", "traits": traits})
    bought = {**who, "messageId": "m2", "type": "track", "event": "Order Completed"}
    tell(app, "/v1/track", {**bought, "properties": {"order_id": "1", "note": "mk7-note"}})
    tell(app, "/v1/track", {**bought, "properties": {"order_id": "2", "note": "mk7-note"}})  # put aside
    tell(app, "/v1/track", {**who, "messageId": "m3", "type": "track", "event": "Order Completed"})  # fails
    tell(app, "/v1/page", {"anonymousId": "mk7-anonymous", "messageId": "m4", "name": "mk7-note"})
    tell(app, "/v1/track", {"userId": "somebody", "messageId": "m5", "event": "Product Viewed"})
    for number in (1, 2):
        app.test_client().post("/api/v1/taps", json=tap(number), headers=as_device("kiosk"))
    with Session(engine) as session, session.begin():
        web = session.scalars(select(Event.visit_id).where(Event.anonymous_id == "mk7-anonymous")).first()
        ends = [(VISIT, KEYS.hidden(CARD)), (KEYS.hidden(CARD), CUSTOMER), (Id(IdKind.VISIT, str(web)), CUSTOMER)]
        for number, pair in enumerate(ends):
            queries.link(session, pair, SAID, link_id=UUID(int=number + 1, version=4))


def totals(engine: Engine) -> dict[str, Any]:
    with Session(engine) as session:
        hours = session.execute(select(EventHour.hour, EventHour.kind, EventHour.events)).all()
        by_kind = session.execute(
            select(Event.kind, Event.product_id, func.count()).group_by(Event.kind, Event.product_id)
        )
        return {"hours": set(hours), "events": set(by_kind.all())}


def files_of(engine: Engine, folder: Path) -> dict[str, bytes]:
    """Return every byte there is: SQLite's files; of PostgreSQL all rows, and the files of the tables."""
    if engine.dialect.name == "sqlite":
        return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    tables = Base.metadata.sorted_tables
    file_of = func.pg_relation_filepath
    with engine.connect() as connection:
        rows = {table.name: str(connection.execute(select(table)).all()).encode() for table in tables}
        folder = Path(connection.scalars(text("SHOW data_directory")).one())
        names = [*retention.SCRUBBED, "event_default", *partitions.partitions(connection).values()]
        files = [connection.scalars(select(file_of(name))).one() for name in names]
        paths = [folder / file for file in files if file]  # a partitioned table has none of its own
    return rows | {str(path): path.read_bytes() for path in paths}


def found(markers: tuple[str | bytes, ...], kept: dict[str, bytes]) -> set[tuple[str | bytes, str]]:
    written = [(marker, marker.encode() if isinstance(marker, str) else marker) for marker in markers]
    return {(marker, name) for name, held in kept.items() for marker, said in written if said in held}


def test_not_a_byte_is_left_and_every_total_stands(
    sources: Flask, engine: Engine, tmp_path: Path, fresh: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seed(sources, engine)
    ids = VISIT.value.encode(), VISIT.value.replace("-", "").encode(), UUID(VISIT.value).bytes
    assert retention.scrub(engine)  # so that it is in the tables' files, not in a log alone
    before, kept = totals(engine), files_of(engine, tmp_path)
    assert {marker for marker, _ in found(MARKERS, kept)} == set(MARKERS) - {"mk7-card-4321"}
    with Session(engine) as session:
        assert session.scalars(select(FailedEvent)).all()
        assert session.scalars(select(Quarantine)).all()
    with Session(engine) as session, session.begin():
        receipt = forgetting.erase(session, VISIT, SAID, keys=KEYS, fresh_id=fresh)
        assert receipt.counts == {"failed_event": 1, "quarantine": 1, "event": 5, "person_link": 3}
    assert retention.scrub(engine)
    assert found((*MARKERS, *ids), files_of(engine, tmp_path)) == set()
    assert not [marker for marker in MARKERS if marker in caplog.text]
    assert totals(engine) == before
    with Session(engine) as session:
        assert "somebody" in set(session.scalars(select(Event.user_id)))


def test_what_comes_later_is_a_stranger_and_what_comes_again_stays_gone(
    sources: Flask, engine: Engine, fresh: Any
) -> None:
    seed(sources, engine)
    with Session(engine) as session, session.begin():
        forgetting.erase(session, CUSTOMER, SAID, keys=KEYS, fresh_id=fresh)
    send = sources.test_client()
    again = send.post("/api/v1/taps", json=tap(1), headers=as_device("kiosk"))
    assert again.get_json()["stored"] == "duplicate"
    queued = send.post("/api/v1/taps/batch", json={"taps": [tap(3)]}, headers=as_device("kiosk"))
    assert queued.get_json()["accepted"] == [tap(3)["tap_id"]]
    with Session(engine) as session:
        assert queries.person_of(session, VISIT).ids == {VISIT}
        assert queries.events_of(session, queries.person_of(session, CUSTOMER)) == []
        assert not session.scalars(select(Quarantine)).all()


def test_a_restored_backup_forgets_again(sources: Flask, engine: Engine, fresh: Any) -> None:
    seed(sources, engine)
    with Session(engine) as session, session.begin():
        forgetting.erase(session, CUSTOMER, SAID, keys=KEYS, fresh_id=fresh)
        listed = erased_hashes(session)
        session.rollback()  # the database as it was before: a backup put back
    assert not [marker for marker in MARKERS if marker in str(listed)]
    with Session(engine) as session, session.begin():
        forgetting.erase_again(session, listed, SAID, keys=KEYS, fresh_id=fresh)
        assert queries.events_of(session, queries.person_of(session, CUSTOMER)) == []
        assert not session.scalars(select(Link)).all()
        assert forgetting.erase_again(session, listed, SAID, keys=KEYS, fresh_id=fresh) == []
        assert "somebody" in set(session.scalars(select(Event.user_id)))


def test_a_copy_holds_everything_and_an_objection_holds_until_it_is_lifted(
    sources: Flask, engine: Engine, fresh: Any
) -> None:
    seed(sources, engine)
    with Session(engine) as session, session.begin():
        copy = json.dumps(requests.everything(session, VISIT))
        assert [m for m in MARKERS if m not in copy] == ["mk7-card-4321"]
        assert copy.count('"kind": "product_tapped"') == 2
        receipt = requests.take_request(
            session, CUSTOMER, RequestKind.OBJECT, said=SAID, keys=KEYS, request_id=fresh()
        )
        assert not requests.may_profile(session, VISIT, KEYS)
        assert requests.may_profile(session, Id(IdKind.CUSTOMER, "somebody"), KEYS)
        requests.lift(session, receipt.id, NOW)
        assert requests.may_profile(session, VISIT, KEYS)
