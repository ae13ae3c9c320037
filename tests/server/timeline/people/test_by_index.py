"""A person and their timeline are found by indexes, however many there are: no statement reads a whole table."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from server.timeline.models import Event
from server.timeline.people import queries
from server.timeline.people.models import Id, IdKind
from server.timeline.people.queries import Said
from server.timeline.reading.asked import Filter
from server.timeline.reading.customers import whose_customer
from server.timeline.reading.queries import newest_first
from tests.clock import NOW
from tests.server.timeline.people import events

ELSEWHERE = UUID(int=7, version=4)
SAID = Said("test", "one person", NOW)


def named(customer: int, number: int) -> Event:
    row = events.event(number, ELSEWHERE)
    row.user_id = f"u{customer}"
    return row


@pytest.fixture
def crowded(engine: Engine) -> Engine:
    """Forty customers with a card and four visits each, an event in each visit, and some that name them."""
    with Session(engine) as session, session.begin():
        for number in range(40):
            card = Id(IdKind.CARD, f"k:{number}")
            visits = [UUID(int=1000 + 4 * number + one, version=4) for one in range(4)]
            others = [Id(IdKind.CUSTOMER, f"u{number}"), *(Id(IdKind.VISIT, str(visit)) for visit in visits)]
            for place, other in enumerate(others):
                queries.link(session, (card, other), SAID, link_id=UUID(int=10 * number + place, version=4))
            session.add_all(events.event(4 * number + one, visit) for one, visit in enumerate(visits))
            session.add_all(named(number, 500 + 9 * number + one) for one in range(9))
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    return engine


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_statement_reads_a_whole_table(crowded: Engine) -> None:
    asked: list[tuple[str, Any]] = []

    @event.listens_for(crowded, "before_cursor_execute")
    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    with Session(crowded) as session:
        whose = whose_customer(session, "u7")
        found = {one.visit_id for one in newest_first(session, whose, Filter())}
        assert found - {ELSEWHERE} == set(whose.visits)
        queries.events_of(session, queries.person_of(session, Id(IdKind.CUSTOMER, "u7")))
    event.remove(crowded, "before_cursor_execute", note)
    with crowded.connect() as connection:
        steps = [
            (str(step[-1]), not any(named in statement for named in ("user_id IN", "user_id = ")))
            for statement, parameters in asked
            if statement.startswith("SELECT")
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    assert not [step for step, _ in steps if step.startswith(("SCAN event", "SCAN person_link"))]
    assert not [step for step, of_visits in steps if of_visits and "ix_event_user_id" in step]
