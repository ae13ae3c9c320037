"""A customer's last 50 events, as the timeline grows."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from benches.timelines.growing import EACH, grow
from benches.timelines.messages import Figures, percentiles
from server.db import open_engine
from server.timeline.models import Event
from server.timeline.people.models import Id, IdKind, Link
from server.timeline.reading.asked import Filter, Whose
from server.timeline.reading.customers import whose_customer
from server.timeline.reading.queries import newest_first

TURNS = 300
STEP = 7919
"""Customers are read in an order that has nothing to do with that of their rows."""
VISITS, IN_VISIT = 20, 5
"""Visits linked to each customer that is read through links, and events in each of them."""


def read(name: str, urls: list[str], sizes: list[int]) -> Figures:
    """Measure a customer's last 50 events on timelines of different sizes, in turn, so load meets both alike.

    First of one name, then of two customers merged, with a card and visits, resolved as it is read.
    """
    engines = [open_engine(url) for url in urls]
    for engine, size in zip(engines, sizes, strict=True):
        grow(engine, size)
    figures: Figures = {}
    with_sizes = list(zip(engines, sizes, strict=True))
    for what, whose in (("last 50", _named), ("last 50 through links", _linked)):
        if whose is _linked:
            for engine, size in with_sizes:
                _link(engine, size)
        waits = _waits(with_sizes, whose)
        for size, (wall, cpu) in waits.items():
            figures[f"{name} {what} of {size:,}"] = percentiles(wall) | {"CPU p99 ms": percentiles(cpu)["p99 ms"]}
        medians = [statistics.median(waits[size][0]) for size in sizes]
        figures[f"{name} {what}, grown"] = {"of the small one's time": medians[-1] / medians[0]}
    for engine in engines:
        engine.dispose()
    return figures


Find = Callable[[Session, int], Whose]


def _waits(timelines: list[tuple[Engine, int]], whose: Find) -> dict[int, tuple[list[float], list[float]]]:
    """Return for each size the seconds each read took, by the wall and of our own CPU."""
    waits: dict[int, tuple[list[float], list[float]]] = {size: ([], []) for _, size in timelines}
    for turn in range(TURNS):
        for engine, size in timelines:
            with Session(engine) as session:
                began, worked = time.perf_counter(), time.thread_time()
                found = newest_first(session, whose(session, _customer(turn, size)), Filter(), limit=50)
                waits[size][0].append(time.perf_counter() - began)
                waits[size][1].append(time.thread_time() - worked)
            if len(found) != 50:
                msg = f"{len(found)} events instead of 50: the figure would be of something else"
                raise SystemExit(msg)
    return waits


def _customer(turn: int, size: int) -> int:
    return (turn * STEP) % (size // EACH)


def _named(_: Session, customer: int) -> Whose:
    return Whose(users=(f"u{customer}",))


def _linked(session: Session, customer: int) -> Whose:
    return whose_customer(session, f"u{customer}")


def _link(engine: Engine, size: int) -> None:
    """Merge each customer that will be read with the next one, and give them a card, and visits with events."""
    now = datetime.now(UTC)
    with Session(engine) as session, session.begin():
        for customer in {_customer(turn, size) // 2 * 2 for turn in range(TURNS)}:
            one, first = Id(IdKind.CUSTOMER, f"u{customer}"), (customer + 1) * 1000
            visits = [UUID(int=first + number) for number in range(VISITS)]
            others = [Id(IdKind.CUSTOMER, f"u{customer + 1}"), Id(IdKind.CARD, f"bench:{customer}")]
            others += [Id(IdKind.VISIT, str(visit)) for visit in visits]
            for place, other in enumerate(others):
                ends = sorted((one, other), key=str)
                named = dict(zip(("one_kind", "one_id", "other_kind", "other_id"), _values(ends), strict=True))
                session.add(
                    Link(id=UUID(int=first + place), source="bench", reason="read", linked_at=now, **named)
                )
            _let_happen(session, one.value, visits)


def _values(ends: list[Id]) -> list[str]:
    return [value for end in ends for value in (end.kind, end.value)]


def _let_happen(session: Session, like: str, visits: list[UUID]) -> None:
    """Let a few events of nobody's name happen in each visit, as its customer's do."""
    columns = Event.__table__.columns
    found = session.execute(select(*columns).where(Event.user_id == like).limit(len(visits) * IN_VISIT)).all()
    made = [
        {**row._mapping, "id": UUID(int=2**100 + visit.int * 10 + number), "visit_id": visit, "user_id": None}
        for place, visit in enumerate(visits)
        for number, row in enumerate(found[place * IN_VISIT :][:IN_VISIT])
    ]
    session.execute(insert(Event), made)
